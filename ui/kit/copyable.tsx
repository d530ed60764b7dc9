/**
 * Text that is there to be taken along: a credential, a command. The page's
 * script `copy.js` brings the button; without it the text is selected by hand.
 */
export function Copyable(
  { id, label, text }: { id: string; label: string; text: string },
) {
  return (
    <div class="copyable">
      <p id={`${id}-label`}>{label}</p>
      <pre
        class="trace"
        id={id}
        tabindex={0}
        role="group"
        aria-labelledby={`${id}-label`}
      >{text}</pre>
      <button type="button" data-copy={id} hidden>
        Copy <span class="spoken">{label}</span>
      </button>{" "}
      <span role="status" id={`${id}-copied`}></span>
    </div>
  );
}
