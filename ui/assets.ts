import { sha256 } from "@noble/hashes/sha2.js";
import swagger from "swagger-ui-dist/package.json" with { type: "json" };
import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import { acceptsGzip, gzip } from "../http/compress.ts";
import copyScript from "./assets/copy.js" with { type: "text" };
import docsScript from "./assets/docs.js" with { type: "text" };
import icon from "./assets/icon.svg" with { type: "text" };
import liveScript from "./assets/live.js" with { type: "text" };
import logScript from "./assets/log.js" with { type: "text" };
import logSearchScript from "./assets/log_search.js" with { type: "text" };
import styles from "./assets/style.css" with { type: "text" };
import { pageHeaders } from "./kit/page_headers.ts";

/** A file that pages load. `version` is part of its path, so that a cache may keep it for ever. */
type Asset = {
  readonly type: string;
  readonly version: string;
  /** Large ones are loaded when they are first asked for. */
  readonly read: () => string | Promise<string>;
};

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

const assets = {
  "style.css": own(styles, style),
  "icon.svg": own(icon, "image/svg+xml"),
  "copy.js": own(copyScript, script),
  "live.js": own(liveScript, script),
  "log.js": own(logScript, script),
  "log_search.js": own(logSearchScript, script),
  "docs.js": own(docsScript, script),
  "swagger-ui.js": {
    type: script,
    version: swagger.version,
    read: async () =>
      (await import("swagger-ui-dist/swagger-ui-bundle.js", {
        with: { type: "text" },
      })).default,
  },
  "swagger-ui.css": {
    type: style,
    version: swagger.version,
    read: async () =>
      (await import("swagger-ui-dist/swagger-ui.css", {
        with: { type: "text" },
      })).default,
  },
} satisfies Record<string, Asset>;

const byPath: ReadonlyMap<string, Asset> = new Map(
  Object.entries(assets).map(([name, asset]) => [pathOf(name, asset), asset]),
);

/** Where a page finds an asset. */
export function assetPath(name: keyof typeof assets): string {
  return pathOf(name, assets[name]);
}

/**
 * Answers with an asset.
 *
 * @throws ApiError `not_found`; `unavailable` where a runtime cannot load the library behind it.
 */
export async function answerAsset(c: Context<AppEnv>): Promise<Response> {
  const asset = byPath.get(c.req.path);
  if (asset === undefined) {
    throw new ApiError(
      "not_found",
      "Cannot find the file: load the page again, it may be of another version",
    );
  }
  const headers = {
    ...pageHeaders,
    "content-type": asset.type,
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  };
  try {
    const zipped = acceptsGzip(c.req.raw.headers) ? await zip(asset) : null;
    return zipped === null
      ? new Response(await asset.read(), { headers })
      : new Response(zipped, {
        headers: { ...headers, "content-encoding": "gzip" },
      });
  } catch (cause) {
    throw new ApiError(
      "unavailable",
      "Cannot load the file: this server runs without it",
      { cause },
    );
  }
}

const zippedAssets = new Map<Asset, Promise<Uint8Array<ArrayBuffer> | null>>();

/** Compressed once, when it is first asked for; null for what is short. */
async function zip(asset: Asset): Promise<Uint8Array<ArrayBuffer> | null> {
  const known = zippedAssets.get(asset);
  if (known !== undefined) return await known;
  const zipped = Promise.resolve(asset.read()).then(gzip);
  zippedAssets.set(asset, zipped);
  return await zipped;
}

function own(text: string, type: string): Asset {
  const hash = sha256(new TextEncoder().encode(text)).toHex();
  return { type, version: hash.slice(0, 12), read: () => text };
}

function pathOf(name: string, { version }: Asset): string {
  return `/assets/${name.replace(".", `-${version}.`)}`;
}
