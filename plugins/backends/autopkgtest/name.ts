/**
 * Names that end up in paths, in `apt` configuration and in the arguments of
 * `autopkgtest`. The server checks them before anything is stored and the
 * runner checks them again, so that none reaches a shell or a path unchecked.
 * @module
 */

/**
 * A Debian source package's name as debci takes it (wire 1.4): two or more of
 * `a-z0-9+.-`, the first a letter or digit. The whole text is matched, so a line
 * break ends no check early.
 */
export const packageName: RegExp = /^[a-z0-9][a-z0-9+.-]{1,127}$/;

/** The name of a suite or an architecture: `unstable`, `bookworm-backports`, `amd64`. */
export const plainName: RegExp = /^[a-z0-9][a-z0-9+.-]{0,99}$/;

/** The name of a source of packages in the options. */
export const sourceName: RegExp = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,99}$/;

/** A package of a pin: a binary `foo`, or `src:foo` for all that a source builds. */
export const pinnedName: RegExp = /^(src:)?[a-z0-9][a-z0-9+.-]{1,127}$/;

/** The name of a test in `debian/tests/control`; underscores are usual, though not documented. */
export const testName: RegExp = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/;
