/** Slipway's version, as in deno.json. */
export const version = "0.1.0";
