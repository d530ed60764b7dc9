// Buttons that copy a part of the page: data-copy is its id.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (source === null) continue;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const isDone = await copy(source);
    button.textContent = isDone ? "Copied" : "Selected: copy it by Ctrl-C";
    setTimeout(() => button.textContent = label, 2_000);
  });
}

/** Pages without TLS have no clipboard; there the text is selected. */
async function copy(source) {
  getSelection().selectAllChildren(source);
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    return false;
  }
}
