import * as z from "zod";

/** Who a credential is. */
export const identitySchema = z.looseObject({
  id: z.string(),
  permissions: z.array(z.string()),
  via: z.string(),
});
