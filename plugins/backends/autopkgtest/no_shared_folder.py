"""Runs one of autopkgtest's virtualisation servers without its shared folder.

python3 no_shared_folder.py /usr/bin/autopkgtest-virt-NAME ARGUMENT...

A server that shares a folder of the host with its testbed has the host copy
results straight out of it. A test that puts a symbolic link in the place of a
result then gets files of the host among its artifacts. Without the folder,
results are read inside the testbed, and reach the host as a stream.
"""

import sys

sys.path.insert(0, "/usr/share/autopkgtest/lib")

import VirtSubproc  # noqa: E402 (autopkgtest's own, found by the path above)

SHARED = "downtmp-host="
all_capabilities = VirtSubproc.cmd_capabilities


def cmd_capabilities(*arguments):
    return [
        each for each in all_capabilities(*arguments)
        if not each.startswith(SHARED)
    ]


# One is what autopkgtest asks, the other what the server asks itself.
VirtSubproc.cmd_capabilities = cmd_capabilities
VirtSubproc.get_downtmp_host = lambda: None

# The server's hooks are looked for in the main module, so it has to be this one.
del sys.argv[0]
with open(sys.argv[0], "rb") as server:
    exec(compile(server.read(), sys.argv[0], "exec"))
