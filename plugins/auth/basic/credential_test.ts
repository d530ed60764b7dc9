import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import { readBasic } from "./credential.ts";

const encode = (text: string) => new TextEncoder().encode(text).toBase64();

Deno.test("readBasic() reads the examples of RFC 7617", () => {
  assertEquals(readBasic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), {
    name: "Aladdin",
    password: "open sesame",
  });
  assertEquals(readBasic("Basic dGVzdDoxMjPCow=="), {
    name: "test",
    password: "123£",
  });
});

Deno.test("readBasic() splits at the first colon, and takes the scheme in any case", () => {
  for (const scheme of ["basic", "BASIC", "Basic "]) {
    assertEquals(readBasic(`${scheme} ${encode("alice:a:b:")}`), {
      name: "alice",
      password: "a:b:",
    });
  }
});

Deno.test("readBasic() leaves other schemes to others", () => {
  for (const header of [null, "", "Bearer x", "Basics eDp5", "eDp5"]) {
    assertEquals(readBasic(header), null);
  }
});

const mistakes: Record<string, string> = {
  "Basic": "after the word Basic",
  "Basic alice:secret": "not base64",
  "Basic eDp5 eDp5!": "not base64",
  "Basic /////w==": "not base64 of UTF-8",
  [`Basic ${encode("alice")}`]: "no colon",
  [`Basic ${encode(":secret")}`]: "the name before the colon is empty",
  [`Basic ${encode("alice:")}`]: "the password after the colon is empty",
  [`Basic ${encode("alice:secret\n")}`]: "printf rather than echo",
};

for (const [header, saying] of Object.entries(mistakes)) {
  Deno.test(`readBasic() says what is wrong with "${header}"`, () => {
    const error = assertThrows(() => readBasic(header), ApiError);
    assertEquals(error.code, "unauthenticated");
    assertStringIncludes(error.message, saying);
  });
}
