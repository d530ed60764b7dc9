import type { Menu } from "../../core/menu.ts";

/** Pages with what each is for. */
export function MenuList({ entries }: { entries: Menu }) {
  return (
    <ul class="menu-list">
      {entries.map(({ path, title, summary }) => (
        <li>
          <a href={path}>{title}</a> <small>{summary}</small>
        </li>
      ))}
    </ul>
  );
}
