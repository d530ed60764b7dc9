/**
 * What the replay of debci's transcripts must know beside them: where Slipway
 * means to answer otherwise, and what was asked in between.
 * @module
 */

const badSince =
  "Invalid value for since: expected seconds since 1970, such as 1790000000\n";

/** Where debci breaks on bad input, or checks nothing, the request is refused and told what to change. */
export const different: { readonly [name: string]: readonly [number, string] } =
  {
    auth_post_not_routed: [405, "Cannot POST /api/v1/auth: use GET, HEAD\n"],
    auth_trailing_slash: [404, notFound("/api/v1/auth/")],
    api_v1_root: [404, notFound("/api/v1")],
    api_unknown_route: [404, notFound("/api/v1/nope")],
    api_unknown_route_nokey: [404, notFound("/api/v1/nope")],
    api_put: [405, "Cannot PUT /api/v1/test/unstable/amd64/bash: use POST\n"],
    api_delete: [
      405,
      "Cannot DELETE /api/v1/test/unstable/amd64/bash: use POST\n",
    ],
    single_bad_name_newline: [400, "Invalid package name: foo\n$(id)\n"],
    single_name_trailing_slash: [
      404,
      notFound("/api/v1/test/unstable/amd64/foo/"),
    ],
    single_extra_apt_string: [
      400,
      'Invalid extra apt sources: expected a JSON list of names, such as ["NAME"]',
    ],
    multi_object: [400, "Error: Not an array"],
    multi_null: [400, "Error: Not an array"],
    multi_number: [400, "Error: Not an array"],
    multi_extra_apt_string_ok: [
      400,
      'Invalid request: Invalid value for extra_apt_sources at test index 0: expected a list of names, such as ["NAME"]',
    ],
    multi_pin_string: [
      400,
      badPin('expected a list of lists such as [["src:foo", "testing"]]'),
    ],
    multi_pin_object: [
      400,
      badPin('expected a list of lists such as [["src:foo", "testing"]]'),
    ],
    multi_pin_same_suite_twice: [
      400,
      badPin(
        "the suite testing occurs twice: put all its packages into one list",
      ),
    ],
    multi_pin_unknown_suite: [
      400,
      badPin(
        'unknown suite "nosuch", expected one of unstable, testing, stable',
      ),
    ],
    multi_pin_injection: [
      400,
      badPin(
        '"src:foo trigger:pwn" is not a package, such as foo or src:foo',
      ),
    ],
    multi_invalid_utf8: [
      400,
      "Error: Cannot decode the parameters: they are not UTF-8 in percent-encoding\n",
    ],
    batch_ok: [201, ""],
    batch_ok_priority: [201, ""],
    // Carol has tests now, by her batches.
    results_carol_all: [200, "(results)"],
    results_since_float: [200, "(results)"],
    results_since_0: [200, "(results)"],
    results_since_negative: [200, "(results)"],
    batch_no_tests_key: [
      400,
      "Error: No tests at request index 0: expected a list",
    ],
    results_since_abc: [400, badSince],
    results_since_empty: [400, badSince],
    // `until` tells of the user's last change, so that who follows with it never begins anew.
    results_since_huge: [200, `{"until":1`],
    results_since_future: [200, `{"until":1`],
    results_other_params_ignored: [200, `{"until":1`],
    publish_get: [405, "Cannot GET /api/v1/test/publish: use POST\n"],
    // A retry wants a key, and a private test is nobody else's.
    retry_get: [403, "Invalid key\n"],
    retry_get_unknown: [403, "Invalid key\n"],
    retry_post_bad_key: [403, "Invalid key\n"],
    retry_post_someone_elses: [400, "Job ID not known: 19"],
    // There the search is, since `/` is the overview of all runs.
    web_packages_root: [200, "(page)"],
    // There is no broker that could be down.
    broker_down_single: [201, ""],
    broker_down_multi: [201, ""],
  };

/** Pages for people, which are no part of the API: their words are our own, or they are not there yet. */
export const pages: ReadonlySet<string> = new Set([
  "root_not_mounted",
  "ss_root_nosession",
  "ss_login_page",
  "ss_user_nosession",
  "ss_getkey_nosession",
  "ss_retry_nosession",
  "ss_home",
  "ss_home_other_user",
  "ss_submit_ok",
  "ss_submit_export",
  "ss_submit_no_suite",
  "ss_submit_unknown_suite_accepted",
  "ss_submit_bad_extra",
  "ss_upload_ok",
  "ss_upload_none",
  "ss_upload_bad_json",
  "ss_jobs_filters",
  "ss_jobs_page2",
  "ss_jobs_bad_page",
  "ss_getkey_other_user_path",
  "ss_retry_page",
  "ss_retry_placeholder",
  "ss_retry_page_unknown",
  "ss_retry_post",
  "ss_publish_page",
  "ss_auth_failure",
  "ss_admin_forbidden",
  "ss_admin",
  "ss_admin_users",
  "ss_admin_user_edit",
  "ss_admin_pkg_bad_backend",
  "ss_admin_pkg_unset_backend",
  "ss_logout",
]);

/** Pages of public tests. What they look like is their own: of these the status counts, and where a redirect leads. */
export const publicPages: ReadonlySet<string> = new Set([
  "web_packages_root",
  "web_packages_prefix",
  "web_packages_prefix_noslash",
  "web_package_page",
  "web_package_page_wrong_prefix",
  "web_package_page_unknown",
  "web_package_history",
  "web_package_history_badsuite",
  "web_package_search",
  "web_package_search_none",
  "web_status_noslash",
  "web_status_failing_filter",
  "web_status_pending",
  "web_status_slow",
  "web_status_unknown",
]);

/** A request that was made before a record and not published; without it the numbers of tests would differ. */
export type Unpublished = {
  readonly user: string;
  readonly path: string;
  readonly body?: string;
};

export const unpublished: {
  readonly [before: string]: readonly Unpublished[];
} = {
  single_ok_plus_encoded: [alices("unstable/amd64/libstdc++")],
  single_private_false: [
    alices("unstable/amd64/this-package-does-not-exist"),
    alices("unstable/arm64/halfrejected"),
    alices("testing/arm64/verrejected"),
    alices("unstable/amd64/bash", "is_private=true"),
  ],
  single_duplicate_ok: [alices("unstable/amd64/bash")],
  multi_extra_apt_underscore_ignored: [
    { user: "bob", path: "/api/v1/test/unstable/amd64/bash" },
    {
      user: "bob",
      path: "/api/v1/test/unstable/amd64",
      body: `tests=[{"package":"rejectedpkg"},{"package":"okpkg"}]`,
    },
  ],
};

function alices(target: string, body = ""): Unpublished {
  return { user: "alice", path: `/api/v1/test/${target}`, body };
}

function notFound(path: string): string {
  return `Cannot find ${path}: see /openapi.json for the paths that there are\n`;
}

function badPin(why: string): string {
  return `Invalid request: Invalid value for pin-packages for package: bash at test index 0: ${why}`;
}
