import * as z from "zod";
import { descriptionFault } from "../../../core/description.ts";
import { ApiError } from "../../../core/error.ts";
import { readText } from "../../../http/body.ts";

const maxBodyBytes = 16 * 1024;

const fieldsSchema = z.strictObject({ description: z.string().default("") });

/**
 * What a new key is to be called, out of a request's body: JSON or a form with
 * the one field `description`. Nothing at all is a key without description.
 *
 * @throws ApiError `invalid`, `too_large` or `unsupported_media_type`.
 */
export async function readDescription(request: Request): Promise<string> {
  const text = await readText(request, maxBodyBytes);
  if (text.trim() === "") return "";
  const type = request.headers.get("content-type") ?? "";
  const parsed = fieldsSchema.safeParse(await readFields(type, text));
  if (!parsed.success) {
    throw invalid(
      'the one field that there may be is "description", and it is a text',
    );
  }
  const description = parsed.data.description.trim();
  const fault = descriptionFault(description);
  if (fault !== null) throw invalid(fault);
  return description;
}

async function readFields(type: string, text: string): Promise<unknown> {
  switch (type.split(";")[0]?.trim().toLowerCase()) {
    case "application/json":
      return readJson(text);
    case "application/x-www-form-urlencoded":
    case "multipart/form-data":
      return await readForm(type, text);
    default:
      throw new ApiError(
        "unsupported_media_type",
        "Cannot make a key: the body must be application/json, application/x-www-form-urlencoded or multipart/form-data, or empty",
      );
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("the body is not JSON, though its Content-Type says so");
  }
}

async function readForm(type: string, text: string): Promise<unknown> {
  const form = await new Response(text, { headers: { "content-type": type } })
    .formData().catch(() => {
      throw invalid("the body is not a form, though its Content-Type says so");
    });
  const fields = [...form];
  if (new Set(fields.map(([name]) => name)).size < fields.length) {
    throw invalid("a field is there twice");
  }
  return Object.fromEntries(fields);
}

function invalid(why: string): ApiError {
  return new ApiError("invalid", `Cannot make a key: ${why}`);
}
