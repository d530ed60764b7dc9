// Gives each text that is there to be taken along a button that copies it.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const said = document.getElementById(`${button.dataset.copy}-copied`);
  if (text === null || said === null) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied";
    } catch {
      // Not every browser lets a page do it: it is selected, for the keyboard.
      getSelection()?.selectAllChildren(text);
      said.textContent = "Selected: copy it with the keyboard";
    }
  });
}
