/** An option of a command, as it is read, explained and completed. */
export type Option = {
  /** Without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help; an option without one is a switch. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly isList?: boolean;
  /** The values that there are, where they are few. */
  readonly choices?: readonly string[];
  readonly help: string;
};

/** What every command takes. */
export const commonOptions: readonly Option[] = [
  { name: "json", help: "print JSON" },
  {
    name: "url",
    value: "URL",
    help: "the server, instead of SLIPWAY_URL or the one signed in to",
  },
  {
    name: "retry-for",
    value: "SECONDS",
    help: "how long to try again when the server cannot be reached or is busy",
  },
  { name: "help", short: "h", help: "print this" },
];
