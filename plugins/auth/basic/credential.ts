import { badCredential } from "../../../core/credential.ts";

/** What somebody typed to sign in. */
export type Login = { readonly name: string; readonly password: string };

/** Longer than any name and password together that is accepted, in base64. */
const maxLength = 4096;

/**
 * Reads name and password out of an `Authorization` header; null when the
 * header is not about the Basic scheme (RFC 7617, UTF-8).
 *
 * @throws ApiError `unauthenticated` that says what is wrong with its form.
 */
export function readBasic(header: string | null): Login | null {
  const [scheme = "", text = ""] = (header ?? "").trim().split(/\s+(.*)/s);
  if (scheme.toLowerCase() !== "basic") return null;
  if (text === "" || text.length > maxLength) {
    throw badCredential(
      "after the word Basic there must be base64 of NAME:PASSWORD; curl's --user NAME:PASSWORD makes it",
    );
  }
  const decoded = decode(text);
  const colon = decoded.indexOf(":");
  if (colon < 0) {
    throw badCredential(
      "there is no colon between name and password; send base64 of NAME:PASSWORD",
    );
  }
  const login = {
    name: decoded.slice(0, colon),
    password: decoded.slice(colon + 1),
  };
  const fault = loginFault(login);
  if (fault !== null) throw badCredential(fault);
  return login;
}

function decode(text: string): string {
  try {
    const bytes = Uint8Array.fromBase64(text);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badCredential(
      "name and password are not base64 of UTF-8 text; send base64 of NAME:PASSWORD",
    );
  }
}

function loginFault({ name, password }: Login): string | null {
  if (name === "") return "the name before the colon is empty";
  if (password === "") return "the password after the colon is empty";
  if (/[\r\n]$/.test(password)) {
    return "there is a line break after the password; encode it without one, with printf rather than echo";
  }
  return null;
}
