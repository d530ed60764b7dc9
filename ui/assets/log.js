// Makes a log of any length one that scrolls: the place of every line is known,
// and only those near the view are loaded. Lines come from the server as they
// are to be shown, so nothing that a job wrote is read as markup here.
const blockLines = 250;
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
  const grow = () => {
    if (lines > 0) box.querySelector(":scope > .empty")?.remove();
    for (let first = 1; first <= lines; first += blockLines) {
      const count = Math.min(blockLines, lines - first + 1);
      const known = box.querySelector(`:scope > [data-first="${first}"]`);
      if (known === null) observer.observe(addBlock(box, first, count));
      else if (Number(known.dataset.count) < count || isLast(known)) {
        known.dataset.count = String(count);
        if (known.dataset.loaded !== undefined) {
          delete known.dataset.loaded;
          load(box, known);
        } else known.style.height = `${count * lineHeight}px`;
      }
    }
  };
  const isLast = (block) => block === box.lastElementChild;
  if (lines > 0) box.replaceChildren();
  grow();
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

function addBlock(box, first, count) {
  const block = document.createElement("div");
  block.className = "block";
  block.dataset.first = String(first);
  block.dataset.count = String(count);
  block.style.height = `${count * lineHeight}px`;
  box.append(block);
  return block;
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
