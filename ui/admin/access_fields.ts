import type { Account } from "../../core/account.ts";
import { limitFault, maxEntries, toLimits } from "../../core/limit.ts";
import {
  findRole,
  isPermission,
  type Permission,
  roles,
} from "../../core/permission.ts";
import type { Typed } from "../kit/mod.ts";

/** What an account may do, as its form says it. */
export type Access = Pick<Account, "permissions" | "limits">;

/** Stands for no role. */
export const noRole = "none";

/** What the form offers as roles. */
export const roleChoices: readonly string[] = [...Object.keys(roles), noRole];

/** An account's access as the form is filled in with: the largest role in it, and what is beyond. */
export function toTyped({ permissions, limits: [limit] }: Access): Typed {
  const [name, allowed] = Object.entries(roles)
    .filter(([, allowed]) => allowed.every((one) => permissions.includes(one)))
    .toSorted(([, one], [, other]) => other.length - one.length)[0] ??
    [noRole, []];
  const beyond = permissions.filter((one) =>
    !allowed.some((each) => each === one)
  );
  return {
    values: {
      role: name,
      further: beyond.join("\n"),
      backends: limit?.backends?.join(" ") ?? "",
      jobs: limit?.jobs?.join("\n") ?? "",
    },
    faults: {},
  };
}

/** Reads the form; `loaded` are the names of the backends. Null where something is wrong with it. */
export function readAccess(
  values: Typed["values"],
  loaded: readonly string[],
): { readonly access: Access | null; readonly faults: Typed["faults"] } {
  const { role: roleName = noRole } = values;
  const role = roleName === noRole ? [] : findRole(roleName);
  const further = words(values.further);
  const odd = further.find((one) => !isPermission(one));
  const backends = words(values.backends);
  const jobs = lines(values.jobs);
  const [backendFault, jobFault] = [
    limitFault({ backends }, loaded),
    limitFault({ jobs }, loaded),
  ];
  const faults = {
    ...role === null &&
      { role: `There is no such role; use ${roleChoices.join(", ")}` },
    ...odd !== undefined && {
      further:
        `${odd} is not a permission; write one such as runs:read_private or *:read`,
    },
    ...further.length > maxEntries &&
      {
        further:
          `There are more than ${maxEntries} permissions; give a role, or a whole group of them such as runs:*`,
      },
    ...backendFault !== null && { backends: sentence(backendFault) },
    ...jobFault !== null && { jobs: sentence(jobFault) },
  };
  if (role === null || Object.keys(faults).length > 0) {
    return { access: null, faults };
  }
  const all = new Set<Permission>([...role, ...further.filter(isPermission)]);
  const limits = toLimits({ backends, jobs });
  return { access: { permissions: [...all], limits }, faults };
}

/** A fault that goes on in the middle of a sentence, as one of its own. */
export function sentence(fault: string): string {
  return fault.charAt(0).toUpperCase() + fault.slice(1);
}

function words(text = ""): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function lines(text = ""): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) =>
    line !== ""
  );
}
