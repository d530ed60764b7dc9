import { escapeMarkup } from "../../../../http/markup.ts";
import { link, page, row } from "./html.ts";
import { encodePath } from "./storage_layout.ts";

/** A file of the bucket, as a listing shows it. */
export type ListedFile = {
  /** Path in the bucket. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Epoch ms. */
  readonly updatedAt: number;
};

/** What is in a folder of the bucket. */
export type Listing = {
  readonly kind: "folder";
  /** Path in the bucket, without slashes around it. */
  readonly path: string;
  /** Path of the folder that it is in, if that can be listed. */
  readonly parent: string | null;
  /** Paths of the folders in it. */
  readonly folders: readonly string[];
  readonly files: readonly ListedFile[];
};

/** A listing in the words of Cloud Storage's API: `prefixes` end in a slash. */
export function toListingJson({ path, folders, files }: Listing) {
  return {
    prefix: `${path}/`,
    prefixes: folders.map((folder) => `${folder}/`),
    items: files.map(({ name, sizeBytes, contentType, updatedAt }) => ({
      name,
      size: sizeBytes,
      contentType,
      updated: new Date(updatedAt).toISOString(),
    })),
  };
}

/** A listing as a page. */
export function listingPage(listing: Listing, bucket: string): string {
  const { path, parent, folders, files } = listing;
  const href = (to: string) => `/storage/${bucket}/${encodePath(to)}`;
  const own = (name: string) => name.slice(path.length + 1);
  const rows = [
    ...parent === null ? [] : [row(link(`${href(parent)}/`, ".."), "", "")],
    ...folders.map((folder) =>
      row(link(`${href(folder)}/`, `${own(folder)}/`), "", "")
    ),
    ...files.map(({ name, sizeBytes, updatedAt }) =>
      row(
        link(href(name), own(name)),
        `${sizeBytes} bytes`,
        escapeMarkup(new Date(updatedAt).toISOString()),
      )
    ),
  ];
  return page(`${bucket}/${path}/`, `<table>\n${rows.join("\n")}\n</table>`);
}
