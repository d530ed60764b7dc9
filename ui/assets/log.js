// Makes a log of any length one that scrolls: the place of every line is known,
// and only those near the view are loaded. Lines come from the server as they
// are to be shown, so nothing that a job wrote is read as markup here.
// As many as a page of the server's has: what it shows already stays.
const blockLines = 500;
const lineHeight = 18;
const pollMs = 2_000;
/** More would be higher than what browsers can show. */
const maxLines = 800_000;

const box = document.getElementById("log");
if (box !== null) openLog(box);

async function openLog(box) {
  let { lines, isLive } = await readIndex(box);
  if (lines > maxLines) return;
  box.dataset.whole = "";
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) load(box, target);
      else unload(target);
    }
  }, { root: box, rootMargin: "1200px" });
  /** By the number of their first line. */
  const blocks = new Map();
  const grow = () => {
    const last = box.lastElementChild;
    const fresh = [];
    for (let first = 1; first <= lines; first += blockLines) {
      const count = Math.min(blockLines, lines - first + 1);
      const known = blocks.get(first);
      if (known === undefined) {
        blocks.set(first, newBlock(first, count));
        fresh.push(blocks.get(first));
      } else if (Number(known.dataset.count) < count || known === last) {
        enlarge(box, known, count);
      }
    }
    if (lines > 0) box.querySelector(":scope > .empty")?.remove();
    box.append(...fresh);
    for (const block of fresh) observer.observe(block);
  };
  const kept = keepShown(box);
  if (kept !== null) {
    const first = Number(kept.dataset.first);
    kept.remove();
    blocks.set(first, kept);
    grow();
    const before = [...box.children].find((each) =>
      Number(each.dataset.first) > first
    );
    box.insertBefore(kept, before ?? null);
    observer.observe(kept);
    box.scrollTop = kept.offsetTop - box.firstElementChild.offsetTop;
  } else grow();
  tools(box);
  globalThis.addEventListener("hashchange", () => showChosen(box));
  box.addEventListener("click", choose);
  showChosen(box);
  while (isLive) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    if (document.hidden) continue;
    const seen = await readIndex(box).catch(() => null);
    if (seen === null) continue;
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 40;
    const hasGrown = seen.bytes !== Number(box.dataset.bytes);
    box.dataset.bytes = String(seen.bytes);
    // A new attempt begins a log of its own.
    if (String(seen.attempt) !== box.dataset.attempt) {
      box.dataset.attempt = String(seen.attempt);
      box.replaceChildren();
      blocks.clear();
    }
    ({ lines, isLive } = seen);
    if (!hasGrown) continue;
    grow();
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }
}

async function readIndex(box) {
  const answer = await fetch(`${box.dataset.base}/index?${box.dataset.of}`);
  if (!answer.ok) throw new Error(`the log's index answers ${answer.status}`);
  return await answer.json();
}

/** The lines that came with the page, as a block that is loaded; null when it came before there were any. */
function keepShown(box) {
  const block = box.querySelector(":scope > .block");
  const shown = block?.querySelectorAll(":scope > .line") ?? [];
  if (shown.length === 0) return null;
  block.dataset.first = shown[0].id.slice(1);
  block.dataset.count = String(shown.length);
  block.dataset.loaded = "";
  return block;
}

function newBlock(first, count) {
  const block = document.createElement("div");
  block.className = "block";
  block.dataset.first = String(first);
  block.dataset.count = String(count);
  block.style.height = `${count * lineHeight}px`;
  return block;
}

/** A block has more lines than before, or more of its last one. */
function enlarge(box, block, count) {
  block.dataset.count = String(count);
  if (block.dataset.loaded === undefined) {
    block.style.height = `${count * lineHeight}px`;
  } else {
    delete block.dataset.loaded;
    load(box, block);
  }
}

async function load(box, block) {
  if (block.dataset.loaded !== undefined) return;
  block.dataset.loaded = "";
  const { first, count } = block.dataset;
  try {
    const answer = await fetch(
      `${box.dataset.base}/lines?${box.dataset.of}first=${first}&count=${count}`,
    );
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(
      await answer.text(),
      "text/html",
    );
    const lines = fresh.querySelectorAll(".line");
    block.replaceChildren(
      ...[...lines].map((line) => document.adoptNode(line)),
    );
    block.style.height = "";
    mark(box);
  } catch {
    // The next time that it comes into view it is tried again.
    delete block.dataset.loaded;
  }
}

function unload(block) {
  if (block.dataset.loaded === undefined) return;
  if (block.contains(document.activeElement)) return;
  block.style.height = `${block.offsetHeight}px`;
  block.replaceChildren();
  delete block.dataset.loaded;
}

/** The lines that the address names: `#L10` or `#L10-L20`. */
function chosen() {
  const match = /^#L(\d{1,9})(?:-L(\d{1,9}))?$/.exec(location.hash);
  if (match === null) return null;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return { first: Math.min(first, last), last: Math.max(first, last) };
}

function mark(box) {
  const range = chosen();
  for (const line of box.querySelectorAll(".line")) {
    const number = Number(line.id.slice(1));
    const isChosen = range !== null && number >= range.first &&
      number <= range.last;
    line.classList.toggle("chosen", isChosen);
  }
}

async function showChosen(box) {
  const range = chosen();
  mark(box);
  if (range === null) return;
  const start = Math.floor((range.first - 1) / blockLines) * blockLines + 1;
  const block = box.querySelector(`:scope > [data-first="${start}"]`);
  if (block === null) return;
  // In view first, so that it is not taken for one that need not be loaded.
  box.scrollTop = block.offsetTop - box.firstElementChild.offsetTop;
  await load(box, block);
  document.getElementById(`L${range.first}`)?.scrollIntoView({
    block: "center",
    inline: "nearest",
  });
}

/** A click on a number chooses its line, with Shift all from the one before. */
function choose(event) {
  const number = event.target.closest?.("a[data-n]")?.dataset.n;
  if (number === undefined) return;
  const range = chosen();
  if (!event.shiftKey || range === null) return;
  event.preventDefault();
  const [first, last] = [range.first, Number(number)].sort((a, b) => a - b);
  history.replaceState(null, "", `#L${first}-L${last}`);
  mark(document.getElementById("log"));
}

function tools(box) {
  for (const link of document.querySelectorAll(".log-pages")) {
    link.hidden = true;
  }
  const wrap = document.getElementById("wrap");
  if (wrap === null) return;
  wrap.hidden = false;
  wrap.addEventListener("click", () => {
    const isOn = box.classList.toggle("wrap");
    wrap.setAttribute("aria-pressed", String(isOn));
  });
}
