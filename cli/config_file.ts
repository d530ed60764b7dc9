import {
  type Config,
  configPath,
  emptyConfig,
  formatConfig,
  parseConfig,
} from "./config.ts";
import { exitStatus } from "./exit_status.ts";
import { Failure } from "./failure.ts";

/** Where the configuration is kept. */
export type ConfigFile = {
  /** @throws UsageError when no home folder is known. */
  path(): string;
  read(): Promise<Config>;
  /** Writes it as a whole; only its owner may read it. */
  write(config: Config): Promise<void>;
  /** Whether others than the owner may read it. */
  isOpenToOthers(): Promise<boolean>;
};

/** The configuration file of the person who calls. */
export function openConfigFile(
  env: Readonly<Record<string, string | undefined>>,
  uuid: () => string,
): ConfigFile {
  const path = () => configPath(env);
  return {
    path,
    async read() {
      try {
        return parseConfig(await Deno.readTextFile(path()), path());
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return emptyConfig;
        throw asFailure(error, `Cannot read ${path()}`);
      }
    },
    async write(config) {
      const file = path();
      // Beside it, so that it is there as a whole or as it was.
      const fresh = `${file}.${uuid()}`;
      try {
        await Deno.mkdir(file.replace(/\/[^/]*$/, ""), {
          recursive: true,
          mode: 0o700,
        });
        await Deno.writeTextFile(fresh, formatConfig(config), {
          mode: 0o600,
          createNew: true,
        });
        await Deno.rename(fresh, file);
      } catch (error) {
        await Deno.remove(fresh).catch(() => {});
        throw asFailure(error, `Cannot write ${file}`);
      }
    },
    async isOpenToOthers() {
      const { mode } = await Deno.stat(path()).catch(() => ({ mode: null }));
      return mode !== null && (mode & 0o077) !== 0;
    },
  };
}

function asFailure(error: unknown, cannot: string): Failure {
  if (error instanceof Failure) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new Failure(`${cannot}: ${why}`, exitStatus.usage);
}
