import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import { maxListed, readListQuery, writeToken } from "./list_query.ts";

const all = { filter: { limit: maxListed }, isFull: false, isPaged: false };

for (
  const [what, query, expected] of [
    ["nothing", {}, all],
    ["what it does not know", { x: "1", page: "2" }, all],
    ["both spellings", { jobName: "j", pageSize: "7", pageToken: "" }, {
      filter: { job: "j", limit: 7 },
      isFull: false,
      isPaged: true,
    }],
    ["a token that it has written", { page_token: writeToken(12) }, {
      filter: { before: 12, limit: maxListed },
      isFull: false,
      isPaged: true,
    }],
    ["a page that is too large", { page_size: "999999999" }, {
      filter: { limit: maxListed },
      isFull: false,
      isPaged: true,
    }],
    ["a page of the server's choice", { page_size: "0" }, {
      filter: { limit: maxListed },
      isFull: false,
      isPaged: true,
    }],
    ["a status of two states", { status: "PENDING", view: "full" }, {
      filter: { states: ["claimed", "running"], limit: maxListed },
      isFull: true,
      isPaged: false,
    }],
  ] as const
) {
  Deno.test(`readListQuery() takes ${what}`, () => {
    assertEquals<unknown>(readListQuery(query), expected);
  });
}

for (
  const query of [
    { status: "x" },
    { view: "x" },
    { page_size: "1.5" },
    { page_size: "9999999999" },
    { page_token: "x" },
    { page_token: btoa("12") },
    { page_token: btoa(`n${"1".repeat(16)}`) },
  ]
) {
  Deno.test(`readListQuery() refuses ${JSON.stringify(query)}`, () => {
    assertEquals(
      assertThrows(() => readListQuery(query), ApiError).code,
      "invalid",
    );
  });
}
