#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The patch series: from kernel/patches to a tree that one can work in, and back.

kernel/patches/series names the entries in order. An entry is NNN-name.patch (a change to files that the kernel has) or
NNN-name.msg (a commit of new files, which lie in this repository at their kernel paths: subject, globs and body).

  import     make build/series, a git repository of the patches (one commit each; the new files are not in it)
  add FILE   take a further file of the kernel into build/series, so that it can be edited there
  status     what build/series holds, and what is not yet in kernel/patches
  rebase SRC move build/series to another 6.1.y
  refresh    write the commits of build/series back to kernel/patches
  stage      import, then make build/linux: pristine + worktree of build/series + new files of this repository
  export     write the whole series as git-am-able files to build/series-out, and prove it on a second pristine tree
  steps      print the commits of the exported series in build/series-full
  step ID    make build/step/linux, the tree at one of these commits
  check      well-formed entries, every new file in exactly one .msg, no file in both

Nobody else writes build/series, build/series-full or build/linux. build/pristine is only read.
"""

import argparse
import filecmp
import fnmatch
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATCHES = ROOT / "kernel/patches"
SERIES = PATCHES / "series"
BUILD = ROOT / "build"
PRISTINE = BUILD / "pristine"
TREE = BUILD / "series"
LINUX = BUILD / "linux"
FULL = BUILD / "series-full"
OUT = BUILD / "series-out"

# Kept in build/series beside what patches touch, so that most edits need no `add`.
WIDE = ("kernel", "init", "include/linux", "include/uapi/linux", "include/asm-generic", "include/trace/events")
# Where new files can lie; and of these, what the kernel build sees.
NEW_DIRS = ("kernel", "include", "lib", "tools", "scheds", "Documentation")
KERNEL_DIRS = ("kernel", "include", "lib")
# New files that must be named by a .msg: the others (build glue, CI) are no part of the kernel series.
MUST_BE_NAMED = ("kernel", "include", "lib")

WHO = "scx-lts"
MAIL = "scx-lts@users.noreply.invalid"
EPOCH = 1767225600  # 2026-01-01: fixed, so that the same input gives the same commits; an entry a minute
TRAILER = re.compile(r"^Series: *(\S+) *$", re.M)
NAME = re.compile(r"^(\d{3}-[A-Za-z0-9][\w.+-]*?)\.(patch|msg)$")


def say(text):
    print(f"series: {text}", flush=True)


def die(what, way_out=None):
    sys.stdout.flush()
    print(f"series: error: {what}", file=sys.stderr)
    if way_out:
        print(f"series: way out: {way_out}", file=sys.stderr)
    sys.exit(1)


def git_env(n=0):
    env = dict(os.environ)
    for var in [v for v in env if v.startswith("GIT_")]:
        del env[var]
    date = f"{EPOCH + 60 * n} +0000"
    env.update(GIT_AUTHOR_NAME=WHO, GIT_AUTHOR_EMAIL=MAIL, GIT_COMMITTER_NAME=WHO, GIT_COMMITTER_EMAIL=MAIL,
               GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date, GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8")
    return env


def run(args, env=None, stdin=None, check=True, cwd=None):
    got = subprocess.run([str(a) for a in args], env=env or git_env(), input=stdin, cwd=cwd,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and got.returncode:
        die(f"`{' '.join(str(a) for a in args[:6])}` failed: {got.stderr.decode(errors='replace').strip()[-1500:]}",
            "if the disk is full make room; if a file in build/ is damaged, remove that folder of build/ and run the same command again")
    return got


def text(args, **kw):
    return run(args, **kw).stdout.decode()


def git(tree, *args, **kw):
    return text(["git", "-C", tree, *args], **kw).strip()


# ---------------------------------------------------------------- entries

class Entry:
    """One line of kernel/patches/series."""

    def __init__(self, name):
        self.name = name
        match = NAME.match(name)
        if not match:
            die(f"kernel/patches/series: '{name}' is no entry", "entries are NNN-name.patch and NNN-name.msg")
        self.stem, self.kind = match.groups()
        self.path = PATCHES / name
        if not self.path.is_file():
            die(f"kernel/patches/series names {name}, and there is no such file", "remove the line or add the file")

    def patch(self):
        """(message, diff) of a .patch."""
        return parse_patch(self.path)

    def message_and_globs(self):
        """(message, globs) of a .msg."""
        lines = self.path.read_text().split("\n")
        subject, globs, last = None, [], None
        while lines and lines[0].strip():
            line = lines.pop(0)
            if line.startswith("#"):
                continue
            if line[0] in " \t" and last == "files":
                globs += line.split()
            elif line.startswith("Subject:"):
                subject, last = line[8:].strip(), "subject"
            elif line.startswith("Files:"):
                globs, last = globs + line[6:].split(), "files"
            else:
                die(f"kernel/patches/{self.name}: '{line}' is no header", "headers are `Subject:` and `Files: glob ...`, then an empty line and the body")
        body = "\n".join(lines).strip()
        if not subject or not globs or not body:
            die(f"kernel/patches/{self.name} lacks subject, files or body", "write `Subject:`, `Files:`, an empty line, and why")
        return f"{subject}\n\n{body}\n", globs


def parse_patch(path):
    """(message, diff) by git's own reading of the mail format."""
    with tempfile.TemporaryDirectory() as tmp:
        head = run(["git", "mailinfo", "-b", "--encoding=UTF-8", f"{tmp}/msg", f"{tmp}/diff"], stdin=path.read_bytes()).stdout.decode()
        body = Path(tmp, "msg").read_text().strip()
        diff = Path(tmp, "diff").read_bytes()
    subject = re.search(r"^Subject: (.*)$", head, re.M)
    if not subject or b"\ndiff --git " not in b"\n" + diff:
        die(f"kernel/patches/{path.name} has no subject or no diff", "let `tools/lts/series.py refresh` write patches")
    start = (b"\n" + diff).index(b"\ndiff --git ")
    message = subject.group(1) + ("\n\n" + body if body else "") + "\n"
    return clean_message(message), diff[start:]


def same_patch(a, b):
    return a[0] == b[0] and without_ids(a[1]).strip() == without_ids(b[1]).strip()


def entries():
    if not SERIES.is_file():
        die("there is no kernel/patches/series", "is this clone whole? `git checkout kernel/patches`")
    names = [line.split("#")[0].strip() for line in SERIES.read_text().split("\n")]
    names = [n for n in names if n and not n.startswith("BASE:")]
    for a, b in zip(names, names[1:]):
        if a >= b:
            die(f"kernel/patches/series: {b} stands after {a}", "entries stand in the order of their names")
    return [Entry(n) for n in names]


def touched(diff):
    """Paths that a diff touches; dies on what the tooling does not carry."""
    files = []
    for line in diff.split(b"\n"):
        if line.startswith(b"diff --git a/"):
            files.append(line.decode().split(" b/")[-1])
    return files


def new_files():
    """{path: True} of files in this repository that could be new kernel files."""
    found = []
    for top in NEW_DIRS:
        for folder, dirs, names in os.walk(ROOT / top):
            dirs[:] = sorted(d for d in dirs if d != "__pycache__" and not d.startswith("."))
            rel = os.path.relpath(folder, ROOT)
            if rel == "kernel/patches":
                dirs[:] = []
                continue
            for name in sorted(names):
                if name.endswith(("~", ".swp", ".orig", ".rej", ".pyc", ".o", ".tmp")) or name.startswith("#"):
                    continue
                found.append(name if rel == "." else f"{rel}/{name}")
    return found


def glob_regex(glob):
    """`*` stays in a folder, `**` does not; a folder means all below it."""
    if glob.endswith("/"):
        glob += "**"
    out = ""
    for part in re.split(r"(\*\*/?|\*|\?)", glob):
        out += {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return re.compile(out + r"\Z")


def files_of(entry, candidates):
    message, globs = entry.message_and_globs()
    chosen = []
    for glob in globs:
        want = glob_regex(glob.lstrip("!"))
        hits = [f for f in candidates if want.match(f)]
        if glob.startswith("!"):
            chosen = [f for f in chosen if f not in hits]
        elif not hits:
            die(f"kernel/patches/{entry.name}: nothing matches '{glob}'", "correct the glob, or take it out")
        else:
            chosen += [h for h in hits if h not in chosen]
    return message, sorted(chosen)


def new_files_by_entry(all_entries):
    """[(entry, message, files)], each new file in exactly one entry and none in the kernel already."""
    candidates = new_files()
    owner, result = {}, []
    for entry in all_entries:
        if entry.kind != "msg":
            continue
        message, files = files_of(entry, candidates)
        for path in files:
            if path in owner:
                die(f"{path} is in {owner[path]} and in {entry.name}", "a new file belongs to one .msg: narrow a glob (`!glob` takes out)")
            owner[path] = entry.name
            if PRISTINE.is_dir() and (PRISTINE / path).exists():
                die(f"{path} ({entry.name}) exists in the kernel already", "a change to a file that the kernel has is a patch: edit it in build/series")
        result.append((entry, message, files))
    for path in candidates:
        if path.split("/")[0] in MUST_BE_NAMED and path not in owner:
            die(f"{path} is in no .msg of kernel/patches", "name it in the `Files:` of one, or in a new NNN-name.msg listed in kernel/patches/series")
    return result


# ---------------------------------------------------------------- pristine and its version

def pristine_key():
    stamp = PRISTINE / ".scx-pristine"
    if not stamp.is_file():
        die("there is no build/pristine", "`make kernel` (or tools/lts/pristine) unpacks it")
    return stamp.read_text()


def kernel_version():
    got = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL) = *(\d+)", (PRISTINE / "Makefile").read_text(), re.M))
    return ".".join(got.get(k, "?") for k in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))


def checked_base():
    match = re.search(r"^BASE: *(.*)$", SERIES.read_text(), re.M)
    return match.group(1) if match else "the version named in kernel/patches/series"


def import_key(all_entries):
    sha = hashlib.sha256(pristine_key().encode())
    sha.update(Path(__file__).read_bytes())
    for entry in all_entries:
        if entry.kind == "patch":
            sha.update(entry.name.encode() + b"\0" + entry.path.read_bytes())
    return sha.hexdigest()


# ---------------------------------------------------------------- import

def apply_patch(work, entry, diff):
    """GNU patch with its usual small fuzz: context of other 6.1.y point releases differs now and then."""
    args = ["patch", "-p1", "-N", "--no-backup-if-mismatch", "--batch", "-d", work]
    got = run([*args, "-r", "-"], stdin=diff, check=False)
    out = got.stdout.decode(errors="replace")
    if got.returncode == 0:
        for line in out.split("\n"):
            if "with fuzz" in line:
                say(f"{entry.name}: {line.strip()} (on {kernel_version()})")
        return
    current, report = "?", []
    for line in out.split("\n"):
        match = re.match(r"(?:checking|patching) file (\S+)", line)
        if match:
            current = match.group(1)
        elif "FAILED" in line or "can't find file" in line or "malformed" in line or "previously applied" in line:
            report.append(f"  {entry.name}: {current}: {line.strip()}")
    die(f"kernel/patches/{entry.name} does not apply to Linux {kernel_version()}:\n" + "\n".join(report or [out, got.stderr.decode()]),
        f"use a kernel near {checked_base()}, for which the patches were made (KSRC=, or unset it for Debian's), or move the patches to "
        f"{kernel_version()}: see `A new 6.1.y` in Documentation/scheduler/contributing.rst")


def build_chain(repo, all_entries, extra):
    """Commits for the base and every .patch, made in the git dir `repo`. Returns (base, tip)."""
    patches = [(e, *e.patch()) for e in all_entries if e.kind == "patch"]
    want = set(extra)
    for entry, _, diff in patches:
        for path in touched(diff):
            if not (PRISTINE / path).is_file():
                die(f"kernel/patches/{entry.name} changes {path}, which Linux {kernel_version()} does not have",
                    "a new file lies in this repository at its kernel path and is named by a .msg")
            want.add(path)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=".series-work.") as work:
        env = {**git_env(), "GIT_DIR": str(repo), "GIT_INDEX_FILE": f"{work}/.index"}
        wide = [d for d in WIDE if (PRISTINE / d).is_dir()]
        run(["git", "add", "-f", "--", *wide, *sorted(want)], env={**env, "GIT_WORK_TREE": str(PRISTINE)}, cwd=PRISTINE)

        def commit(message, parent, n):
            tree = text(["git", "write-tree"], env=env).strip()
            return text(["git", "commit-tree", tree, *(["-p", parent] if parent else [])],
                        env={**env, **{k: v for k, v in git_env(n).items() if k.endswith("_DATE")}}, stdin=message.encode()).strip()

        base = tip = commit(f"Linux {kernel_version()}: files that the series may touch\n", None, 0)
        for path in sorted({p for _, _, d in patches for p in touched(d)}):
            Path(work, path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PRISTINE / path, Path(work, path))
        for entry, message, diff in patches:
            apply_patch(work, entry, diff)
            run(["git", "add", "-f", "--", *touched(diff)], env={**env, "GIT_WORK_TREE": work}, cwd=work)
            tip = commit(f"{message}\nSeries: {entry.stem}\n", tip, int(entry.stem[:3]))
    return base, tip


def tree_work():
    """What build/series holds that is not in kernel/patches, as a list of sentences."""
    work = []
    gitdir = TREE / ".git"
    if (gitdir / "rebase-merge").exists() or (gitdir / "rebase-apply").exists():
        work.append("a rebase is under way")
    if git(TREE, "rev-parse", "HEAD") != git(TREE, "rev-parse", "refs/scx/staged"):
        work.append("commits that are not in kernel/patches")
    if git(TREE, "status", "--porcelain", "-uno"):
        work.append("uncommitted changes")
    return work


def tree_is_whole():
    return (TREE / ".git/scx-key").is_file()


def configure(repo):
    for key, value in (("user.name", WHO), ("user.email", MAIL), ("core.abbrev", "12"), ("core.autocrlf", "false"),
                       ("gc.auto", "0"), ("rebase.autoSquash", "true"), ("advice.detachedHead", "false"), ("core.excludesFile", "")):
        git(repo, "config", key, value)
    # Hunk headers name functions as the kernel's own .gitattributes has it, whatever the user's settings.
    Path(repo, ".git/info").mkdir(exist_ok=True)
    Path(repo, ".git/info/attributes").write_text("*.c diff=cpp\n*.h diff=cpp\n")


def cmd_import(opts):
    all_entries = entries()
    key = import_key(all_entries)
    if TREE.exists() and not tree_is_whole():
        shutil.rmtree(TREE)
    if TREE.exists():
        work = tree_work() if (TREE / ".git/scx-key").read_text() != "importing" else []
        if (TREE / ".git/scx-key").read_text() == key and not (work and (opts.discard or opts.set_aside)):
            if work:
                say(f"build/series is used as it stands: it holds {' and '.join(work)} (`tools/lts/series.py refresh` exports)")
            return
        if work and not (opts.discard or opts.set_aside):
            die(f"kernel/patches (or the kernel source) changed, and build/series holds {' and '.join(work)}",
                "`tools/lts/series.py import --set-aside` keeps that work on a branch of build/series and imports afresh (take it over "
                "with `git cherry-pick`); `import --discard` throws it away")
    fresh = not TREE.exists()
    repo = TREE
    if fresh:
        repo = BUILD / ".series.tmp"
        shutil.rmtree(repo, ignore_errors=True)
        run(["git", "init", "-q", "-b", "series", repo])
        configure(repo)
    keep = (repo / ".git/scx-added").read_text().split() if (repo / ".git/scx-added").is_file() else []
    base, tip = build_chain(repo / ".git", all_entries, [k for k in keep if (PRISTINE / k).is_file()])
    if not fresh and opts.set_aside and tree_work():
        if "a rebase is under way" in tree_work():
            die("a rebase is under way in build/series", "finish it (git -C build/series rebase --continue) or abort it")
        if git(TREE, "status", "--porcelain", "-uno"):
            git(TREE, "commit", "-q", "-a", "-m", "work set aside")
        branch = f"aside-{git(TREE, 'rev-parse', '--short', 'HEAD')}"
        git(TREE, "branch", "-f", branch)
        say(f"the work in build/series is kept on its branch {branch}")
    if not fresh:
        # Read by an import after a kill: the work was taken care of, only the reset is left to do.
        (TREE / ".git/scx-key").write_text("importing")
        for state in ("rebase-merge", "rebase-apply"):
            shutil.rmtree(TREE / ".git" / state, ignore_errors=True)
    git(repo, "update-ref", "refs/scx/base", base)
    git(repo, "update-ref", "refs/scx/staged", tip)
    git(repo, "symbolic-ref", "HEAD", "refs/heads/series")
    git(repo, "reset", "-q", "--hard", tip)
    (repo / ".git/scx-key.tmp").write_text(key)
    os.rename(repo / ".git/scx-key.tmp", repo / ".git/scx-key")
    if fresh:
        os.rename(repo, TREE)
    count = sum(e.kind == "patch" for e in all_entries)
    say(f"build/series holds {count} patches on Linux {kernel_version()}")


def need_tree():
    if not TREE.is_dir() or not tree_is_whole():
        die("there is no build/series", "`tools/lts/series.py import` makes it")


def cmd_add(opts):
    need_tree()
    if "a rebase is under way" in tree_work() or git(TREE, "status", "--porcelain", "-uno"):
        die("build/series has a rebase or uncommitted changes", "commit or finish first")
    for path in opts.files:
        if not (PRISTINE / path).is_file():
            die(f"Linux {kernel_version()} has no file {path}", "a new file lies in this repository at its kernel path")
    old = {name: git(TREE, "rev-parse", f"refs/scx/{name}") for name in ("base", "staged")}
    head = git(TREE, "rev-parse", "HEAD")

    def with_files(commit, parent):
        """The commit again, with the files of pristine in its tree."""
        with tempfile.TemporaryDirectory(dir=BUILD, prefix=".series-work.") as work:
            env = {**git_env(), "GIT_DIR": str(TREE / ".git"), "GIT_INDEX_FILE": f"{work}/.index"}
            run(["git", "read-tree", commit], env=env)
            missing = [f for f in opts.files if not text(["git", "ls-files", "--", f], env=env).strip()]
            if missing:
                run(["git", "add", "-f", "--", *missing], env={**env, "GIT_WORK_TREE": str(PRISTINE)}, cwd=PRISTINE)
            tree = text(["git", "write-tree"], env=env).strip()
            raw = run(["git", "cat-file", "commit", commit], env=env).stdout.decode()
            headers, message = raw.split("\n\n", 1)
            for who in ("author", "committer"):
                name, mail, date = re.search(rf"^{who} (.*) <(.*)> (.*)$", headers, re.M).groups()
                env.update({f"GIT_{who.upper()}_NAME": name, f"GIT_{who.upper()}_EMAIL": mail, f"GIT_{who.upper()}_DATE": date})
            return text(["git", "commit-tree", tree, *(["-p", parent] if parent else [])], env=env, stdin=message.encode()).strip()

    done, new = {}, None
    for tip in (old["staged"], head):
        for commit in git(TREE, "rev-list", "--reverse", "--topo-order", tip).split():
            if commit not in done:
                parent = git(TREE, "rev-list", "--parents", "-n1", commit).split()[1:]
                done[commit] = with_files(commit, done[parent[0]] if parent else None)
    git(TREE, "update-ref", "refs/scx/base", done[old["base"]])
    git(TREE, "update-ref", "refs/scx/staged", done[old["staged"]])
    git(TREE, "reset", "-q", "--hard", done[head])
    with open(TREE / ".git/scx-added", "a") as added:
        added.writelines(f + "\n" for f in opts.files)
    say(f"build/series now has {', '.join(opts.files)}")


def cmd_rebase(opts):
    """For a new point release: git's own rebase has the three-way merge that patch(1) lacks."""
    need_tree()
    if work := tree_work():
        die(f"build/series holds {' and '.join(work)}", "refresh or drop that first")
    names = git(TREE, "ls-tree", "-r", "--name-only", "refs/scx/base").split("\n")
    got = subprocess.run([ROOT / "tools/lts/pristine"], env={**os.environ, "KSRC": opts.source})
    if got.returncode:
        sys.exit(1)
    gone = [n for n in names if not (PRISTINE / n).is_file()]
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=".series-work.") as work:
        env = {**git_env(), "GIT_DIR": str(TREE / ".git"), "GIT_INDEX_FILE": f"{work}/.index", "GIT_WORK_TREE": str(PRISTINE)}
        run(["git", "add", "-f", "--pathspec-from-file=-"], env=env, cwd=PRISTINE, stdin="\n".join(sorted(set(names) - set(gone))).encode())
        base = text(["git", "commit-tree", text(["git", "write-tree"], env=env).strip()], env=env, stdin=f"Linux {kernel_version()}\n".encode()).strip()
    old = git(TREE, "rev-parse", "refs/scx/base")
    git(TREE, "update-ref", "refs/scx/base", base)
    (TREE / ".git/scx-key").write_text(import_key(entries()))
    got = run(["git", "-C", TREE, "rebase", "-q", "--onto", base, old, "series"], check=False)
    if got.returncode:
        print((got.stdout + got.stderr).decode(errors="replace"))
        die(f"the rebase to {kernel_version()} stops at a conflict", f"resolve it in build/series (git rebase --continue), then `tools/lts/series.py refresh`; build with KSRC={opts.source}")
    say(f"build/series stands on {kernel_version()}: `tools/lts/series.py refresh` writes the patches; build with KSRC={opts.source}")


# ---------------------------------------------------------------- refresh

def clean_message(raw):
    """A commit message without our trailer."""
    return re.sub(r"\n{3,}", "\n\n", TRAILER.sub("", raw)).strip() + "\n"


def format_patch(repo, commit, number):
    """A commit as a mail that is the same whatever repository it comes from: no blob ids, fixed identity and date."""
    raw = git(repo, "show", "-s", "--format=%B", commit)
    message = clean_message(raw)
    tree, parent = git(repo, "rev-parse", f"{commit}^{{tree}}"), git(repo, "rev-parse", f"{commit}^")
    stable = text(["git", "-C", repo, "commit-tree", tree, "-p", parent], env=git_env(number), stdin=message.encode()).strip()
    mail = run(["git", "-C", repo, "-c", "diff.algorithm=myers", "format-patch", "--stdout", "--zero-commit", "--no-signature", "-N", "--no-renames",
                "-U3", "-1", stable]).stdout
    return without_ids(mail).rstrip(b"\n") + b"\n"


def without_ids(diff):
    return b"\n".join(line for line in diff.split(b"\n") if not re.match(rb"index [0-9a-f]+\.\.[0-9a-f]+", line))


def cmd_refresh(opts):
    need_tree()
    configure(TREE)
    all_entries = entries()
    work = tree_work()
    if "a rebase is under way" in work:
        die("a rebase is under way in build/series", "finish it: git -C build/series rebase --continue")
    if "uncommitted changes" in work:
        die("build/series has uncommitted changes", "commit them (`git commit --fixup COMMIT` and `git rebase -i refs/scx/base` put them where they belong)")
    if (TREE / ".git/scx-key").read_text() != import_key(all_entries):
        die("kernel/patches changed since build/series was made from it: refreshing would undo that",
            "`tools/lts/series.py import --set-aside`, then cherry-pick your commits from the branch that it names")
    names, result = [], {}
    for commit in git(TREE, "rev-list", "--reverse", "refs/scx/base..HEAD").split():
        subject = git(TREE, "show", "-s", "--format=%s", commit)
        if git(TREE, "rev-list", "--parents", "-n1", commit).count(" ") != 1:
            die(f"'{subject}' is a merge", "keep build/series linear: git rebase refs/scx/base")
        if re.match(r"(fixup|squash|amend)!", subject):
            die(f"'{subject}' is not yet squashed", "git -C build/series rebase -i refs/scx/base")
        found = TRAILER.findall(git(TREE, "show", "-s", "--format=%B", commit))
        if len(found) != 1:
            die(f"the commit '{subject}' has {len(found)} lines `Series: NNN-name`", "it needs one: it names the file in kernel/patches (git commit --amend, or reword in git rebase -i)")
        stem = found[0]
        if not NAME.match(stem + ".patch"):
            die(f"'{subject}': `Series: {stem}` is no NNN-name", "three digits, a dash, then letters, digits, dots and dashes")
        if names and stem <= names[-1]:
            die(f"'{subject}' ({stem}) comes after {names[-1]}", "commits stand in the order of their names: reorder (git rebase -i) or rename")
        changes = [line.split("\t") for line in git(TREE, "diff-tree", "-r", "--no-renames", "--name-status", "--no-commit-id", commit).split("\n") if line]
        for status, path in changes:
            if status != "M":
                die(f"'{subject}' adds, removes or retypes {path}", "patches change files that the kernel has; a new file lies in this repository at its kernel path, named by a .msg")
        names.append(stem)
        result[stem + ".patch"] = format_patch(TREE, commit, int(stem[:3]))
    messages = sorted(p.name for p in PATCHES.glob("*.msg"))
    changed = 0
    was = {e.name: e.patch() for e in all_entries if e.kind == "patch"}
    for name, mail in result.items():
        path = PATCHES / name
        if not path.is_file() or path.read_bytes() != mail:
            # A file that says the same in other words (written by git format-patch, say) is left alone.
            tmp = path.with_suffix(".tmp")
            tmp.write_bytes(mail)
            if name in was and not opts.all and same_patch(parse_patch(tmp), was[name]):
                tmp.unlink()
                continue
            os.rename(tmp, path)
            changed += 1
            say(f"wrote kernel/patches/{name}")
    for path in sorted(PATCHES.glob("*.patch")):
        if path.name not in result:
            path.unlink()
            changed += 1
            say(f"removed kernel/patches/{path.name}")
    write_series(sorted([*result, *messages]))
    git(TREE, "update-ref", "refs/scx/staged", "HEAD")
    (TREE / ".git/scx-key").write_text(import_key(entries()))
    say(f"{len(result)} patches, {changed} changed; commit kernel/patches" if changed else f"{len(result)} patches, all as they were")


def write_series(names):
    """Rewrites the list and leaves every comment where it stood, before the first entry that is not smaller than its old follower."""
    lines = SERIES.read_text().rstrip("\n").split("\n")
    out, left, pending = [], list(names), []

    def put_until(limit):
        while left and left[0] < limit:
            out.append(left.pop(0))

    for line in lines:
        if not line.strip() or line.startswith(("#", "BASE:")):
            match = re.match(r"# (\d)xx", line)
            if match:
                put_until(match.group(1))
                while pending:
                    out.append(pending.pop(0))
            pending.append(line)
            if not re.match(r"# \dxx", line):
                continue
            while pending:
                out.append(pending.pop(0))
            continue
        while pending:
            out.append(pending.pop(0))
        put_until(line.strip() + "\0")
    while pending:
        out.append(pending.pop(0))
    out += left
    new = "\n".join(out) + "\n"
    if new != SERIES.read_text():
        SERIES.with_suffix(".tmp").write_text(new)
        os.rename(SERIES.with_suffix(".tmp"), SERIES)


def cmd_status(_opts):
    need_tree()
    print(git(TREE, "log", "--reverse", "--format=%h %s  [%(trailers:key=Series,valueonly,separator=%x2C)]", "refs/scx/base..HEAD") or "no patches")
    for line in tree_work() or ["all of it is in kernel/patches"]:
        say(line)
    if (TREE / ".git/scx-key").read_text() != import_key(entries()):
        say("kernel/patches or the kernel source changed since: the next build imports afresh")


# ---------------------------------------------------------------- stage

def put(source, target):
    """Copy by temporary name and rename, only when the content differs: keeps time stamps, breaks hard links, never half."""
    if target.is_file() and not target.is_symlink() and filecmp.cmp(source, target, shallow=False):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    tmp = target.with_name(f".{target.name}.scx-tmp")
    shutil.copyfile(source, tmp)
    shutil.copymode(source, tmp)
    os.rename(tmp, target)
    return True


def cmd_stage(opts):
    cmd_import(opts)
    key = pristine_key()
    stamp = LINUX / ".scx-pristine"
    if not stamp.is_file() or stamp.read_text() != key:
        say("making build/linux")
        # Other sources have other time stamps: objects of the old ones would look up to date.
        for folder in ("linux", ".linux.tmp", "kernel", "kernel-debug"):
            shutil.rmtree(BUILD / folder, ignore_errors=True)
        run(["cp", "-al", PRISTINE, BUILD / ".linux.tmp"])
        os.rename(BUILD / ".linux.tmp", LINUX)
    if "a rebase is under way" in tree_work():
        die("a rebase is under way in build/series", "finish it: git -C build/series rebase --continue")
    want = {}
    for path in git(TREE, "diff", "--name-only", "--no-renames", "refs/scx/base").split("\n"):
        if path:
            want[path] = TREE / path
    stray = git(TREE, "ls-files", "--others").split("\n")
    for path in stray:
        if path and not path.endswith((".orig", ".rej", "~", ".swp")):
            die(f"build/series/{path} is a new file", f"put it at {path} of this repository, named by a .msg of kernel/patches")
    for _, _, files in new_files_by_entry(entries()):
        for path in files:
            if path.split("/")[0] in KERNEL_DIRS:
                want[path] = ROOT / path
    manifest = LINUX / ".scx-overlay"
    old = set(manifest.read_text().split("\n")) - {""} if manifest.is_file() else set()
    # Written before the work with all that could be there, and again after it: a kill in between forgets nothing.
    manifest.write_text("\n".join(sorted(old | set(want))) + "\n")
    changed = [path for path, source in sorted(want.items()) if put(source, LINUX / path)]
    for path in sorted(old - set(want)):
        if (PRISTINE / path).is_file():
            put(PRISTINE / path, LINUX / path)
        else:
            (LINUX / path).unlink(missing_ok=True)
        changed.append(path)
    manifest.write_text("\n".join(sorted(want)) + "\n")
    if changed:
        say(f"build/linux: {len(changed)} files changed: {' '.join(changed[:4])}{' ...' if len(changed) > 4 else ''}")


# ---------------------------------------------------------------- export

def cmd_export(_opts):
    """The whole series, patches and new files, as commits in build/series-full and as mails in build/series-out."""
    all_entries = entries()
    files = {e.name: (m, f) for e, m, f in new_files_by_entry(all_entries)}
    tmp = BUILD / ".series-full.tmp"
    shutil.rmtree(tmp, ignore_errors=True)
    run(["git", "init", "-q", "-b", "series", tmp])
    configure(tmp)
    changes = []
    for entry in all_entries:
        if entry.kind == "patch":
            message, diff = entry.patch()
            changes.append((entry, message, touched(diff), diff))
        else:
            message, paths = files[entry.name]
            changes.append((entry, message, paths, None))
    for path in sorted({p for e, _, ps, d in changes if d for p in ps}):
        if not (PRISTINE / path).is_file():
            die(f"a patch changes {path}, which Linux {kernel_version()} does not have")
        put(PRISTINE / path, tmp / path)
    git(tmp, "add", "-f", "-A", ".")
    git(tmp, "commit", "-q", "--allow-empty", "-m", f"Linux {kernel_version()}", env=git_env(0))
    git(tmp, "update-ref", "refs/scx/base", "HEAD")
    for entry, message, paths, diff in changes:
        if diff:
            apply_patch(tmp, entry, diff)
        else:
            for path in paths:
                put(ROOT / path, tmp / path)
        if paths:
            git(tmp, "add", "-f", "--", *paths)
        run(["git", "-C", tmp, "commit", "-q", "-F", "-"], env=git_env(int(entry.stem[:3])), stdin=message.encode())
    out = BUILD / ".series-out.tmp"
    shutil.rmtree(out, ignore_errors=True)
    git(tmp, "format-patch", "-q", "--zero-commit", "--no-signature", "-N", "--no-renames", "--full-index", "-o", out, "refs/scx/base")
    out.mkdir(exist_ok=True)
    prove(tmp, out)
    for folder, final in ((tmp, FULL), (out, OUT)):
        shutil.rmtree(final, ignore_errors=True)
        os.rename(folder, final)
    say(f"{len(changes)} patches in build/series-out, proven on Linux {kernel_version()}")


def prove(full, out):
    """git am on a second pristine tree must give exactly pristine + series, file for file, and the tree that was built."""
    proof = BUILD / ".series-proof.tmp"
    shutil.rmtree(proof, ignore_errors=True)
    say("proving: git am on a second pristine tree")
    run(["cp", "-al", PRISTINE, proof])
    (proof / ".scx-pristine").unlink()
    if (proof / ".git").exists():
        shutil.rmtree(proof / ".git")
    run(["git", "init", "-q", proof])
    configure(proof)
    base_files = [p for p in git(full, "ls-tree", "-r", "--name-only", "refs/scx/base").split("\n") if p]
    # Only what the series changes is in the index; everything else lies there untracked, and a new file that
    # collides with one of them makes git am fail.
    if base_files:
        git(proof, "add", "-f", "--", *base_files)
    git(proof, "commit", "-q", "--allow-empty", "-m", "pristine")
    mails = sorted(out.glob("*.patch"))
    if mails:
        got = run(["git", "-C", proof, "am", "-q", "--keep-cr", "--whitespace=nowarn", *mails], check=False)
        if got.returncode:
            die(f"git am fails on a pristine tree: {(got.stdout + got.stderr).decode(errors='replace').strip()[-1500:]}",
                "the entry named above does not stand on those before it")
    if git(proof, "rev-parse", "HEAD^{tree}") != git(full, "rev-parse", "HEAD^{tree}"):
        die("git am gives another tree than the series", f"compare: git -C {full} ls-tree -r HEAD; git -C {proof} ls-tree -r HEAD")
    changed = set(git(proof, "ls-tree", "-r", "--name-only", "HEAD").split("\n"))
    shutil.rmtree(proof / ".git")
    differ = run(["diff", "-rq", PRISTINE, proof], check=False).stdout.decode().split("\n")
    for line in differ:
        match = re.match(r"Files (\S+) and \S+ differ", line) or re.match(r"Only in ([^:]+): (.*)", line)
        if not match:
            continue
        path = "/".join(match.groups())
        for top in (PRISTINE, proof):
            if path.startswith(f"{top}/"):
                path = path[len(str(top)) + 1:]
        if path not in changed and not any(c.startswith(path + "/") for c in changed) and path != ".scx-pristine":
            die(f"the proof changed {path}, which the series does not touch")
    if (LINUX / ".scx-overlay").is_file() and not tree_work():
        for path in (LINUX / ".scx-overlay").read_text().split():
            if not (proof / path).is_file() or not filecmp.cmp(proof / path, LINUX / path, shallow=False):
                die(f"{path} of the series is not what build/linux was built from", "`make kernel` stages again; then `make series`")
    shutil.rmtree(proof)


def cmd_steps(_opts):
    if not FULL.is_dir():
        die("there is no build/series-full", "`make series` makes it")
    print(git(FULL, "rev-list", "--reverse", "refs/scx/base..HEAD"))


def cmd_step(opts):
    """build/step/linux becomes pristine plus the series up to a commit; prints how many files of the kernel build changed."""
    step = BUILD / "step/linux"
    step.parent.mkdir(exist_ok=True)
    if not step.is_dir():
        shutil.rmtree(BUILD / ".step.tmp", ignore_errors=True)
        run(["cp", "-al", PRISTINE, BUILD / ".step.tmp"])
        os.rename(BUILD / ".step.tmp", step)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=".series-work.") as work:
        got = subprocess.Popen(["git", "-C", FULL, "archive", opts.commit], stdout=subprocess.PIPE, env=git_env())
        run(["tar", "-x", "-C", work], stdin=got.stdout.read())
        got.wait()
        here = {os.path.relpath(os.path.join(d, f), work) for d, _, fs in os.walk(work) for f in fs}
        ever = set(git(FULL, "log", "--format=", "--name-only", "HEAD").split("\n")) - {""}
        changed = [p for p in sorted(here) if put(Path(work, p), step / p)]
        for path in sorted(ever - here):
            if (step / path).exists():
                (step / path).unlink()
                changed.append(path)
    print(sum(p.split("/")[0] not in ("tools", "scheds", "Documentation") for p in changed))


def cmd_check(_opts):
    all_entries = entries()
    listed = {e.name for e in all_entries}
    for path in sorted([*PATCHES.glob("*.patch"), *PATCHES.glob("*.msg")]):
        if path.name not in listed:
            die(f"kernel/patches/{path.name} is not in kernel/patches/series", "`tools/lts/series.py refresh` lists it, or remove it")
    new = {f for _, _, fs in new_files_by_entry(all_entries) for f in fs}
    lines = 0
    for entry in all_entries:
        if entry.kind != "patch":
            continue
        message, diff = entry.patch()
        subject = message.split("\n")[0]
        if not re.match(r"[\w/., -]+: \S", subject) or len(subject) > 90:
            die(f"{entry.name}: subject '{subject}'", "`room: what`, in one line of 90 characters at most")
        if len(message.strip().split("\n")) < 3:
            die(f"{entry.name} does not say why", "give the commit a body (reword in build/series, then refresh)")
        for path in touched(diff):
            if path in new:
                die(f"{entry.name} changes {path}, which is a new file of this repository", "edit the file itself")
        if entry.stem[0] in "13":
            lines += len(re.findall(rb"^[+-](?![+-]{2} )", diff, re.M))
    say(f"{len(all_entries)} entries are well-formed; 1xx and 3xx change {lines} lines")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="see Documentation/scheduler/contributing.rst")
    sub = parser.add_subparsers(dest="command", required=True)
    for name in ("import", "stage"):
        p = sub.add_parser(name)
        p.add_argument("--discard", action="store_true", help="throw away work in build/series that is not in kernel/patches")
        p.add_argument("--set-aside", action="store_true", help="keep such work on a branch of build/series")
    p = sub.add_parser("add")
    p.add_argument("files", nargs="+")
    p = sub.add_parser("rebase")
    p.add_argument("source", help="6.1.y tree or tarball")
    p = sub.add_parser("step")
    p.add_argument("commit")
    p = sub.add_parser("refresh")
    p.add_argument("--all", action="store_true", help="also rewrite files whose content is the same but not their form")
    for name in ("status", "export", "steps", "check"):
        sub.add_parser(name)
    opts = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    try:
        globals()[f"cmd_{opts.command}"](opts)
    except OSError as err:
        if err.errno == 28:
            die(f"the disk is full ({err.filename})", "make room and run the same command again")
        die(f"{err.strerror}: {err.filename}", "check owner and permissions of build/, or remove it and run the same command again")
    except KeyboardInterrupt:
        die("interrupted", "run the same command again")


if __name__ == "__main__":
    main()
