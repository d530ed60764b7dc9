/**
 * Text that somebody else wrote: names, log lines, paths. Whatever it holds is
 * shown, and changes nothing around it.
 * @module
 */

/**
 * Characters that are not seen but do something: controls, and those that turn the direction
 * of writing (Unicode Technical Report 36, 2.7) or are invisible.
 */
const unseen =
  // deno-lint-ignore no-control-regex -- these are what is made visible
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The text with every unseen character written out as U+XXXX in brackets. */
export function visible(text: string): string {
  return text.toWellFormed().replace(
    unseen,
    (character) =>
      `[U+${
        (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(
          4,
          "0",
        )
      }]`,
  );
}

/** Text from elsewhere, in a direction of its own. */
export function Name({ text }: { text: string }) {
  return <bdi>{visible(text)}</bdi>;
}

/** A link that a plugin made of somebody's words: anything but a path of ours or a web address is shown as text. */
export function OutLink({ name, href }: { name: string; href: string }) {
  if (!isSafeHref(href)) {
    return (
      <span>
        <Name text={name} />: <Name text={href} />
      </span>
    );
  }
  return (
    <a href={href} rel="noreferrer">
      <Name text={name} />
    </a>
  );
}

/** Whether a link leads to a path of ours or to a web address. */
export function isSafeHref(href: string): boolean {
  // deno-lint-ignore no-control-regex -- browsers drop these, so that what follows would count
  if (/[\u0000-\u0020\u007f\\]/.test(href)) return false;
  if (/^\/(?!\/)/.test(href)) return true;
  return /^https?:\/\//i.test(href) && URL.canParse(href);
}
