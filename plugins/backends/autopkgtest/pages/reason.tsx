import { Name, OutLink } from "../../../../ui/kit/mod.ts";

const shownCharacters = 2_000;

/** Why a package is rejected; web addresses are links, as in debci. */
export function Reason({ text }: { text: string }) {
  const parts = text.slice(0, shownCharacters)
    .split(/(https?:\/\/[^\s<>"']+)/);
  return (
    <>
      {parts.map((part, at) =>
        at % 2 === 0
          ? <Name text={part} />
          : <OutLink name={part} href={part} />
      )}
    </>
  );
}
