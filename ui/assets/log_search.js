// Searches a log without loading its page again, and steps through the lines
// found. What the server found is shown as it comes, nothing is read as markup here.
const form = document.getElementById("log-search");
const place = document.getElementById("log-hits");
const box = document.getElementById("log");
let current = -1;

if (form !== null && place !== null && box !== null) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    find(`${form.action.split("#")[0]}?${query}`);
  });
  place.addEventListener("click", followHit);
  begin();
}

/** Shows what a page with this address would have found, and goes to its first line. */
async function find(address) {
  const url = new URL(address, location.href);
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${box.dataset.base}/search${url.search}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(
      await answer.text(),
      "text/html",
    );
    place.replaceChildren(
      ...[...fresh.body.childNodes].map((node) => document.adoptNode(node)),
    );
    url.searchParams.delete("line");
    history.replaceState(null, "", url.pathname + url.search);
    begin();
    step(1);
  } catch {
    // As without script: the page says what is wrong.
    location.assign(url);
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function begin() {
  current = -1;
  for (const button of place.querySelectorAll("button[data-step]")) {
    button.hidden = hits().length === 0;
  }
}

function hits() {
  return [...place.querySelectorAll("a[data-line]")];
}

/** A log with too many lines is shown in pages: its links lead from one to the other. */
function followHit(event) {
  const button = event.target.closest?.("button[data-step]");
  if (button) return step(Number(button.dataset.step));
  const link = event.target.closest?.("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.line === undefined) {
    event.preventDefault();
    find(link.href);
  } else if (box.dataset.whole !== undefined) {
    event.preventDefault();
    show(hits().indexOf(link));
  }
}

function step(by) {
  const all = hits();
  const next = place.querySelector("a[rel=next]");
  if (by > 0 && current === all.length - 1 && next !== null) {
    if (all.length > 0 || current >= 0) return void find(next.href);
    return;
  }
  if (all.length > 0) show((current + by + all.length) % all.length);
}

function show(at) {
  const all = hits();
  const link = all[at];
  if (link === undefined) return;
  current = at;
  for (const each of all) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  if (box.dataset.whole === undefined) location.assign(link.href);
  else location.hash = `#L${link.dataset.line}`;
}
