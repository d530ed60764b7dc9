import { escapeMarkup } from "../../../http/markup.ts";
/** A change of how a package does. */
export type FeedEntry = {
  /** The run's UUID: an entry keeps its id wherever the feed is read. */
  readonly runId: string;
  readonly title: string;
  readonly text: string;
  readonly href: string;
  /** Epoch ms. */
  readonly updatedAt: number;
};

/** A package's feed. */
export type Feed = {
  /** Its own URL, which is its id. */
  readonly href: string;
  readonly title: string;
  /** Epoch ms. */
  readonly updatedAt: number;
  readonly entries: readonly FeedEntry[];
};

/** An Atom feed (RFC 4287). Whatever the texts hold, it stays well-formed. */
export function atomFeed({ href, title, updatedAt, entries }: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${xmlText(href)}</id>
  <title>${xmlText(title)}</title>
  <updated>${toIso(updatedAt)}</updated>
  <author><name>Slipway</name></author>
  <link rel="self" type="application/atom+xml" href="${xmlText(href)}"/>
${entries.map(atomEntry).join("")}</feed>
`;
}

function atomEntry({ runId, title, text, href, updatedAt }: FeedEntry): string {
  return `  <entry>
    <id>urn:uuid:${xmlText(runId)}</id>
    <title>${xmlText(title)}</title>
    <updated>${toIso(updatedAt)}</updated>
    <link rel="alternate" href="${xmlText(href)}"/>
    <content type="text">${xmlText(text)}</content>
  </entry>
`;
}

/** A text in XML 1.0: what may not stand there (XML 1.0, 2.2) is replaced. */
export function xmlText(text: string): string {
  const plain = text.toWellFormed()
    // deno-lint-ignore no-control-regex -- these are what is replaced
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return escapeMarkup(plain);
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
