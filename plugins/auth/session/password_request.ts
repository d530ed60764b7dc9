/** What says where a request comes from: checks of it go on with the request that is made of a form. */
const origins: readonly string[] = [
  "origin",
  "sec-fetch-site",
  "sec-fetch-mode",
  "sec-fetch-dest",
  "user-agent",
  "forwarded",
  "x-forwarded-for",
  "x-real-ip",
];

/**
 * The name and password of a form as a request of the Basic scheme (RFC 7617),
 * so that whatever checks and slows down those checks and slows down these.
 */
export function passwordRequest(
  form: Request,
  name: string,
  password: string,
): Request {
  const bytes = new TextEncoder().encode(`${name}:${password}`);
  const headers = new Headers({ authorization: `Basic ${bytes.toBase64()}` });
  for (const header of origins) {
    const value = form.headers.get(header);
    if (value !== null) headers.set(header, value);
  }
  return new Request(form.url, { method: "POST", headers });
}
