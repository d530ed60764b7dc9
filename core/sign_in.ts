/**
 * A way for a person to sign in at another server, by way of the browser: an
 * OpenID provider. Auth plugins bring them; the plugin that keeps browser
 * sessions offers them and is told in the end who came back.
 */
export type RemoteSignIn = {
  /** Unique; stands in URLs. */
  readonly id: string;
  /** What a person reads on the button. */
  readonly label: string;
  /**
   * Where the browser goes. `memory` is a text for this browser alone, which
   * comes back with it to `finish`.
   *
   * @throws ApiError `unavailable` when the other server does not answer.
   */
  begin(
    redirectUri: string,
  ): Promise<{ readonly url: string; readonly memory: string }>;
  /**
   * Who came back to `callback`, the whole URL. What the account may do has been
   * brought up to date with what the other server says.
   *
   * @throws ApiError `unauthenticated`, `forbidden` or `unavailable`.
   */
  finish(
    callback: URL,
    memory: string,
  ): Promise<{ readonly account: number }>;
};
