import { assertEquals, assertRejects } from "@std/assert";
import { ConstraintError, type Database, sql } from "../../core/database.ts";

/** A database of a test, with what it stands on. */
export type OpenedDatabase = AsyncDisposable & { readonly database: Database };

/**
 * What every driver guarantees. `open` gives an empty database, which the suite disposes of.
 */
export function testDatabase(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: a driver keeps the contract of Database`, async (t) => {
    await using opened = await open();
    const { database } = opened;
    await database.batch([
      sql`create table thing (id integer primary key, name text unique, size integer, bytes blob) strict`,
    ]);

    await t.step("values come back as they went in", async () => {
      const bytes = new Uint8Array([0, 1, 255]);
      const [result] = await database.batch([
        sql`insert into thing values (1, ${"a'b;--é\"\n"}, ${
          2 ** 53 - 1
        }, ${bytes}) returning *`,
      ]);
      const row = { id: 1, name: "a'b;--é\"\n", size: 2 ** 53 - 1, bytes };
      assertEquals(result?.rows.map((each) => ({ ...each })), [row]);
      assertEquals(
        (await database.query(sql`select * from thing`)).map((each) => ({
          ...each,
        })),
        [row],
      );
    });

    await t.step("whole numbers are bound as integers", async () => {
      const [row] = await database.query(
        sql`select typeof(${5}) as kind, json_array(${5}) as list`,
      );
      assertEquals({ ...row }, { kind: "integer", list: "[5]" });
    });

    await t.step(
      "a batch that breaks a constraint writes nothing",
      async () => {
        await assertRejects(
          () =>
            database.batch([
              sql`insert into thing (id, name) values (2, 'b')`,
              sql`insert into thing (id, name) values (1, 'again')`,
            ]),
          ConstraintError,
        );
        assertEquals(await count(database), 1);
      },
    );

    await t.step(
      "batches that come together are all written, a faulty one alone is not",
      async () => {
        const ids = Array.from({ length: 40 }, (_, index) => index + 10);
        const settled = await Promise.allSettled(
          ids.map((id) =>
            database.batch([
              sql`insert into thing (id, name) values (${
                id === 20 ? 1 : id
              }, ${`n${id}`})`,
            ])
          ),
        );
        assertEquals(
          settled.filter(({ status }) => status === "rejected").length,
          1,
        );
        assertEquals(settled[10]?.status, "rejected");
        assertEquals(await count(database), 40);
      },
    );

    await t.step("changes are counted with and without returning", async () => {
      const results = await database.batch([
        sql`update thing set size = 1 where id in (10, 11)`,
        sql`update thing set size = 2 where id in (10, 11, 12) returning id`,
        sql`update thing set size = 3 where id = 999`,
      ]);
      assertEquals(results.map(({ changes }) => changes), [2, 3, 0]);
    });

    await t.step(
      "a faulty statement is an error, not a refusal to serve",
      async () => {
        const error = await assertRejects(
          () => database.query(sql`select nonsense from nowhere`),
          Error,
        );
        assertEquals(error.name === "ApiError", false);
      },
    );
  });
}

async function count(database: Database): Promise<number> {
  const [row] = await database.query(sql`select count(*) as n from thing`);
  return Number(row?.n);
}
