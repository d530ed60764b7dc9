// Keeps the parts of a page that are marked with data-live up to date while it
// is looked at. The server tells when something has changed (data-changes is
// where); then the page is fetched anew, and each such part is taken over.
// Where that stream is refused, the page is fetched now and then instead.
const pollMs = 10_000;

let source = null;
let timer;
let isUpdating = false;
let isStale = false;
let isLeftOver = false;

function isLive() {
  return document.querySelector("[data-live]") !== null;
}

async function refresh() {
  isStale = false;
  // A part may be found at another address, which costs less.
  const place = document.querySelector("[data-live-from]")?.dataset.liveFrom ||
    location.pathname + location.search;
  const answer = await fetch(place, {
    headers: { accept: "text/html" },
  });
  // Whoever is signed out meanwhile is led to the sign-in page: nothing to take over.
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(
    await answer.text(),
    "text/html",
  );
  for (const old of document.querySelectorAll("[data-live]")) {
    const found = fresh.getElementById(old.id);
    if (found === null || found.outerHTML === old.outerHTML) continue;
    // What somebody is about to use stays until they leave it.
    if (old.contains(document.activeElement)) isLeftOver = true;
    else old.replaceWith(document.adoptNode(found));
  }
}

/** One at a time; what changes meanwhile is fetched after it. */
async function update() {
  isStale = true;
  if (isUpdating) return;
  isUpdating = true;
  while (isStale && !document.hidden) await refresh().catch(() => {});
  isUpdating = false;
  if (!isLive()) stop();
}

function start() {
  if (source !== null || document.hidden || !isLive()) return;
  const path = document.querySelector("[data-changes]")?.dataset.changes;
  if (!path) return poll();
  source = new EventSource(path);
  source.addEventListener("changed", update);
  // A connection that was lost is made again by the browser; a refusal is final.
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) poll();
  });
}

function poll() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await update();
    if (isLive() && !document.hidden) poll();
  }, pollMs);
}

function stop() {
  source?.close();
  source = null;
  clearTimeout(timer);
}

document.addEventListener("visibilitychange", () => {
  stop();
  if (document.hidden) return;
  update();
  start();
});
addEventListener("pagehide", stop);
addEventListener("pageshow", start);
document.addEventListener("focusout", () => {
  if (!isLeftOver) return;
  isLeftOver = false;
  // The focus is nowhere while it moves.
  setTimeout(update);
});
start();
