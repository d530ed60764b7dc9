/** A real git repository for tests, with pulls as GitHub keeps them. */
export class TestRepository {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes one with a branch `main` and a first commit. */
  static async make(path: string): Promise<TestRepository> {
    await Deno.mkdir(path, { recursive: true });
    const repository = new TestRepository(path);
    await repository.git("init", "--quiet", "--initial-branch=main");
    await repository.commit({ "README.md": "hello\n" });
    return repository;
  }

  /** Changes files and commits on the branch that is checked out; the new commit's id. */
  async commit(files: Record<string, string>): Promise<string> {
    for (const [name, text] of Object.entries(files)) {
      const folder = name.split("/").slice(0, -1).join("/");
      await Deno.mkdir(`${this.path}/${folder}`, { recursive: true });
      await Deno.writeTextFile(`${this.path}/${name}`, text);
    }
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message=change");
    return await this.git("rev-parse", "HEAD");
  }

  /** A pull from main, which only `refs/pull/N/head` has; its commit's id. */
  async pull(number: number, files: Record<string, string>): Promise<string> {
    await this.git("checkout", "--quiet", "--detach", "main");
    const sha = await this.commit(files);
    await this.git("update-ref", `refs/pull/${number}/head`, sha);
    await this.git("checkout", "--quiet", "main");
    return sha;
  }

  /** Runs git here; what it prints. */
  async git(...args: string[]): Promise<string> {
    return await git(this.path, args);
  }
}

/** Runs git in a folder; what it prints. */
export async function git(cwd: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["-c", "protocol.file.allow=always", ...args],
    cwd,
    env: {
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.org",
      GIT_COMMITTER_NAME: "A",
      GIT_COMMITTER_EMAIL: "a@example.org",
      GIT_CONFIG_GLOBAL: "/dev/null",
      LC_ALL: "C",
    },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`git ${args}: ${text.decode(stderr)}`);
  return text.decode(stdout).trim();
}
