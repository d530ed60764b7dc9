import { chromium } from "playwright-core";

/** Debian's path of the browser. */
const executablePath = "/usr/bin/chromium";

/** Whether there is a browser on this machine. */
export function hasBrowser(): boolean {
  try {
    return Deno.statSync(executablePath).isFile;
  } catch {
    return false;
  }
}

/** Starts a browser without a window. */
export function launch(): ReturnType<typeof chromium.launch> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
