// Keeps the parts of a page that are marked with data-live up to date, while it
// is looked at: the page is fetched anew, and each such part is taken over.
const everyMs = 3_000;

async function refresh() {
  if (document.hidden) return;
  // A part may be found at another address, which costs less.
  const place = document.querySelector("[data-live]")?.dataset.live ||
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
    // What somebody is about to use stays where it is.
    if (old.contains(document.activeElement)) continue;
    if (found !== null && found.outerHTML !== old.outerHTML) {
      old.replaceWith(document.adoptNode(found));
    }
  }
}

async function loop() {
  // A part without data-live has come to its end.
  while (document.querySelector("[data-live]") !== null) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    // A server that is away comes back.
    await refresh().catch(() => {});
  }
}

loop();
