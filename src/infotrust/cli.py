"""`infotrust`: the core's tools at a command line, without Django and without a server.

Each command is one `add_...` function, listed in COMMANDS: it adds its parser and names the function that runs it
(`set_defaults(run=...)`, which returns an exit code). What a command needs is imported when it runs, so that
`infotrust --help` answers at once. A `UserFacingError` becomes a message on standard error and its exit code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from infotrust import __version__
from infotrust.core.errors import UserFacingError

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

NOT_WHOLE = 1  # a log that was tampered with
INTERRUPTED = 130  # what a shell gives a program stopped with Ctrl-C


# --- link, profile and evaluate: which records belong to one person (core/matching) ---


def add_link(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "link",
        help="find which records of one or more files belong to one person",
        description="Find which records belong to one person. Columns are recognized by name and content, shown, and "
        "can be set by hand. Values are never printed.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV (UTF-8, comma, header) or Parquet")
    parser.add_argument("--out", required=True, type=Path, help="where record -> person goes: .csv or .parquet")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        dest="maps",
        metavar="[FILE:]ELEMENT=COLUMN",
        help="say what a column means: given_name=FNAME, wic.csv:birth_date=DOB, street_address=NO+STREET",
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="leave this column out")
    parser.add_argument(
        "--columns", type=Path, metavar="YAML", help="what the columns mean, as `infotrust profile --write` writes it"
    )
    parser.add_argument("--id", dest="own_id", metavar="COLUMN", help="your own record number, copied to the output")
    parser.add_argument(
        "--effort",
        choices=("default", "fast"),
        default="default",
        help="fast: blocking rules are chosen from the fields, and a two-class model weighs what they bring together; "
        "a million records in seconds, with somewhat more errors",
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="WEIGHT",
        help="smallest mean weight (log2 odds) that joins two groups of records; default: chosen from the data",
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        dest="rules",
        metavar="RULE",
        help="compare only records that a blocking rule brings together: 'family[:4] and birth_date'; several are "
        "alternatives; default: each record with those it shares most rare things with",
    )
    parser.add_argument(
        "--unique", action="append", default=[], metavar="FILE", help="this file holds each person once"
    )
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="what people said about pairs of records: columns file_1, row_1, file_2, row_2 and verdict (match, no "
        "match, cannot tell)",
    )
    parser.add_argument(
        "--register",
        type=Path,
        metavar="DIR",
        help="link to the register in this folder, made the first time: persons keep their identifiers for ever",
    )
    parser.add_argument(
        "--source",
        metavar="NAME",
        help="with --register: the files are deliveries of this source; default: their names",
    )
    parser.add_argument(
        "--refit",
        choices=("when grown", "never", "always"),
        default="when grown",
        help="with --register: when all is linked as a whole with a new model; default: when a tenth has changed",
    )
    parser.add_argument(
        "--review", type=Path, metavar="FILE", help="write the questions here whose answers help most: .csv or .parquet"
    )
    parser.add_argument(
        "--questions", type=int, default=200, metavar="N", help="how many, half of them drawn at random (default: 200)"
    )
    parser.add_argument(
        "--with-values", action="store_true", help="write what the records say beside each question: keep it closed"
    )
    parser.add_argument(
        "--memory",
        metavar="SIZE",
        help="keep within so much memory, such as 2G: a narrower search is taken where needed, or the run is refused "
        "or stopped; a register is then as it was",
    )
    parser.add_argument("--manifest", type=Path, help="write steps, counts, times and the fitted model here (JSON)")
    parser.add_argument(
        "--relations", type=Path, metavar="FILE", help="write households and parents, with time and reasons, here"
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="JSON",
        help="link by a model saved from Splink: its columns, its rules, its weights",
    )
    parser.add_argument(
        "--driver",
        choices=("local", "spark"),
        default="local",
        help="spark: the same steps on Spark on this machine (extra spark, and Java), with the same result",
    )
    parser.add_argument(
        "--as-splink",
        action="store_true",
        help="with --model: levels that training never saw get the shares that Splink takes, which no data support",
    )
    parser.add_argument(
        "--export-model", type=Path, metavar="JSON", help="write the model of --effort fast, or --model, for Splink"
    )
    parser.add_argument(
        "--no-resume",
        action="store_true",
        help="keep no finished steps beside --out, and use none; by default a large run that was killed goes on there",
    )
    parser.set_defaults(run=run_link)


# Options of `infotrust link` that would change nothing beside --model.
BESIDE_A_MODEL = {
    "map": "maps", "ignore": "ignore", "columns": "columns", "rule": "rules", "unique": "unique", "answers": "answers",
    "register": "register", "source": "source", "review": "review", "memory": "memory", "relations": "relations",
}  # fmt: skip


def run_link_by_model(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching.fellegi_sunter import command

    given = [f"--{option}" for option, name in BESIDE_A_MODEL.items() if getattr(arguments, name)]
    given += ["--effort"] if arguments.effort != "default" else []
    if given:
        raise UserFacingError(
            f"The model decides about columns, pairs and weights: beside it {', '.join(given)} would change nothing.",
            next_step=f"Leave {', '.join(given)} out, or leave --model out.",
        )
    return command.link_files(
        arguments.files,
        model=arguments.model,
        out=arguments.out,
        own_id=arguments.own_id,
        threshold=arguments.threshold,
        as_splink=arguments.as_splink,
        manifest=arguments.manifest,
        export=arguments.export_model,
    )


# Options of `infotrust link` that are not there on Spark.
NOT_ON_SPARK = {
    "answers": "answers", "register": "register", "review": "review", "memory": "memory", "relations": "relations",
    "manifest": "manifest", "model": "model", "export-model": "export_model",
}  # fmt: skip


def run_link_on_spark(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching.spark import command

    given = [f"--{option}" for option, name in NOT_ON_SPARK.items() if getattr(arguments, name)]
    given += ["--effort"] if arguments.effort != "default" else []
    if given:
        raise UserFacingError(
            f"Not there on Spark: {', '.join(given)}.", next_step=f"Leave {', '.join(given)} out, or --driver spark."
        )
    return command.link_files(
        arguments.files,
        out=arguments.out,
        maps=arguments.maps,
        ignore=arguments.ignore,
        own_id=arguments.own_id,
        columns=arguments.columns,
        threshold=arguments.threshold,
        rules=arguments.rules,
        unique=arguments.unique,
    )


def run_link(arguments: argparse.Namespace) -> int:
    if arguments.driver == "spark":
        return run_link_on_spark(arguments)
    if arguments.model:
        return run_link_by_model(arguments)
    if arguments.as_splink:
        raise UserFacingError("--as-splink belongs to a model.", next_step="Name it: --model JSON")
    if arguments.register:
        return run_link_to_register(arguments)
    if arguments.source or arguments.refit != "when grown":
        raise UserFacingError("--source and --refit belong to a register.", next_step="Name it: --register DIR")
    from infotrust.core.matching import command, memory

    return command.link_files(
        arguments.files,
        out=arguments.out,
        maps=arguments.maps,
        ignore=arguments.ignore,
        own_id=arguments.own_id,
        columns=arguments.columns,
        effort=arguments.effort,
        threshold=arguments.threshold,
        rules=arguments.rules,
        unique=arguments.unique,
        answers=arguments.answers,
        review=arguments.review,
        questions=arguments.questions,
        with_values=arguments.with_values,
        memory=memory.parse(arguments.memory) if arguments.memory else None,
        manifest=arguments.manifest,
        relations=arguments.relations,
        export_model=arguments.export_model,
        resume=not arguments.no_resume,
    )


def add_profile(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "profile",
        help="show what each column of the files would be used as when linking, and why",
        description="Show what each column would be used as when linking, and why. --write gives a file to correct and "
        "to link with: `infotrust link --columns`. Values are never printed.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV (UTF-8, comma, header) or Parquet")
    parser.add_argument(
        "--map", action="append", default=[], dest="maps", metavar="[FILE:]ELEMENT=COLUMN", help="as for link"
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="leave this column out")
    parser.add_argument("--columns", type=Path, metavar="YAML", help="begin with what this file says")
    parser.add_argument("--write", type=Path, metavar="YAML", help="write it here, with the reasons as comments")
    parser.set_defaults(run=run_profile)


def run_profile(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching import profiling

    return profiling.profile_files(
        arguments.files,
        maps=arguments.maps,
        ignore=arguments.ignore,
        columns=arguments.columns,
        write=arguments.write,
    )


def run_link_to_register(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching import memory
    from infotrust.core.matching.registering import command

    if arguments.effort != "default" or arguments.export_model:
        raise UserFacingError(
            "A register is linked with the default effort: it keeps a model of eight classes to link later records by.",
            next_step="Leave --effort and --export-model out.",
        )
    if arguments.review or arguments.relations:
        raise UserFacingError(
            "Questions and relations are made from files that are linked without a register.",
            next_step="Leave --review and --relations out, or leave --register out.",
        )
    if arguments.manifest:
        raise UserFacingError(
            "A register keeps its model itself.", next_step="Leave --manifest out, and see: infotrust register show DIR"
        )
    with memory.kept_within(memory.parse(arguments.memory) if arguments.memory else None):
        return command.link_files(
            arguments.files,
            register=arguments.register,
            out=arguments.out,
            source=arguments.source,
            refit=arguments.refit,
            maps=arguments.maps,
            ignore=arguments.ignore,
            own_id=arguments.own_id,
            columns=arguments.columns,
            threshold=arguments.threshold,
            rules=arguments.rules,
            unique=arguments.unique,
            answers=arguments.answers,
        )


# Options of `infotrust lookup`: what is known about one record, by the elements that records are linked by.
LOOKED_UP_BY = {
    "given": "given_name", "middle": "middle_name", "family": "family_name", "suffix": "name_suffix",
    "name": "full_name", "birth-date": "birth_date", "sex": "sex", "ssn": "ssn", "address": "street_address",
    "city": "city", "zip": "zip_code", "phone": "phone", "email": "email", "guardian": "guardian_name",
}  # fmt: skip


def add_lookup(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "lookup",
        help="which person of a register a record belongs to",
        description="Look up one record, or each record of a file, in a register. Shows identifiers, weights and which "
        "fields agree, never a value of a record in the register. Exit code 0: one person; 1: several, or nobody.",
    )
    parser.add_argument("register", type=Path, metavar="REGISTER", help="the folder of the register")
    for option, element in LOOKED_UP_BY.items():
        parser.add_argument(f"--{option}", dest=element, default="", metavar="VALUE", help=element)
    parser.add_argument("--file", type=Path, metavar="FILE", help="look up every record of a CSV or Parquet file")
    parser.add_argument("--out", type=Path, metavar="OUT", help="with --file: where the persons found go")
    parser.add_argument(
        "--map", action="append", default=[], dest="maps", metavar="ELEMENT=COLUMN", help="with --file: as for link"
    )
    parser.set_defaults(run=run_lookup)


def run_lookup(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching.registering import command

    said = {element: getattr(arguments, element) for element in LOOKED_UP_BY.values() if getattr(arguments, element)}
    if not arguments.file:
        return command.lookup_one(arguments.register, said)
    if said or not arguments.out:
        raise UserFacingError(
            "A file of records is looked up by itself, into a file.",
            next_step="infotrust lookup REGISTER --file FILE --out OUT",
        )
    return command.lookup_file(arguments.register, arguments.file, arguments.out, maps=arguments.maps)


def add_register(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "register",
        help="show a register, follow an old identifier, take records out, fit its model anew",
        description="What is in a register of persons, in counts; where an identifier led; and what keeps it in order. "
        "A register is made and added to by `infotrust link --register`.",
    )
    verbs = parser.add_subparsers(title="verbs", dest="verb", required=True, metavar="VERB")
    for verb, help_text, others in (
        ("show", "counts, versions and events, no values", ()),
        ("resolve", "the identifiers that an old identifier's records are under now", ("identifier",)),
        ("export", "write source, record id and person of every record", ("out",)),
        ("answers", "write what people said, and which of it the register goes by; doubted answers first", ("out",)),
        ("remove", "take out the records that a file names by its columns source and id", ("file",)),
        ("refit", "link all as a whole with a model fitted anew; identifiers are carried over", ()),
    ):
        one = verbs.add_parser(verb, help=help_text, description=help_text)
        one.add_argument("register", type=Path, metavar="DIR", help="the folder of the register")
        for other in others:
            one.add_argument(other, type=str if other == "identifier" else Path, metavar=other.upper())
        one.set_defaults(run=run_register)


def run_register(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching.registering import command

    register = arguments.register
    if arguments.verb == "resolve":
        return command.resolve(register, arguments.identifier)
    if arguments.verb == "export":
        return command.export(register, arguments.out)
    if arguments.verb == "answers":
        return command.export_answers(register, arguments.out)
    if arguments.verb == "remove":
        return command.remove(register, arguments.file)
    return command.refit(register) if arguments.verb == "refit" else command.show(register)


def add_evaluate(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "evaluate",
        help="compare a linkage with the truth",
        description="Compare the output of `infotrust link` with the truth: a file with columns file, row, person. "
        "Shows precision and recall over pairs and by record (B-cubed), and where the errors lie.",
    )
    parser.add_argument("linked", type=Path, metavar="LINKED", help="what `infotrust link --out` wrote")
    parser.add_argument("truth", nargs="?", type=Path, metavar="TRUTH", help="the same as --truth FILE")
    parser.add_argument(
        "--truth", dest="truth_file", type=Path, metavar="FILE", help="columns file, row and person (CSV or Parquet)"
    )
    parser.add_argument(
        "--by", metavar="COLUMN", help="also by this column of the truth, such as a community (or: file)"
    )
    parser.set_defaults(run=run_evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    from infotrust.core.matching import judging

    truth = arguments.truth_file or arguments.truth
    if truth is None or (arguments.truth_file and arguments.truth):
        raise UserFacingError(
            "Which file is the truth?", next_step="Name it once: infotrust evaluate LINKED --truth FILE"
        )
    return judging.evaluate_files(arguments.linked, truth, by=arguments.by)


# --- verify-log: check an exported audit log (core/chain) ---


def add_verify_log(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "verify-log",
        help="check that an exported audit log is whole",
        description="Follow an exported audit log and name each entry that was altered, removed, added or moved. "
        "A log whose newest entries were cut off, closing line and all, is recognized only by --head.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `infotrust-server export-log` wrote")
    parser.add_argument("--head", default="", metavar="HASH", help="a fingerprint the trust published, now or earlier")
    parser.set_defaults(run=run_verify_log)


def run_verify_log(arguments: argparse.Namespace) -> int:
    from infotrust.core import chain

    with _readable(arguments.file) as stream:
        verified = chain.verify_export(stream, head=arguments.head.strip().lower())
    for finding in verified.findings:
        print(chain.in_words(finding))
    if not verified:
        return NOT_WHOLE
    print(f"The log is whole: {verified.head.sequence} entries, ending at {verified.head.hash}.")
    return 0


def _readable(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8", errors="surrogateescape", newline="\n")
    except OSError as problem:
        raise UserFacingError(
            f"{path} cannot be read: {problem.strerror}.", next_step="Check the file's name and permissions."
        ) from None


# --- practice: a made-up county to rehearse with (core/practice) ---


def add_practice(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "practice",
        help="make a made-up county: agencies' files, with the truth about every record",
        description="Make a made-up county: the tables of fourteen agencies' systems over up to twenty years, each "
        "with its own identifiers, habits and mistakes; public facts about its places; the truth about every record; "
        "and the true answers to the questions it was made for. The same seed makes the same county. Nobody in it "
        "exists.",
    )
    parser.add_argument("--people", type=int, default=20_000, metavar="N", help="inhabitants (default: 20,000)")
    parser.add_argument("--years", type=int, default=10, metavar="N", help="school years, from 2016-17 (default: 10)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed makes another county")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a folder that is new or empty")
    parser.add_argument("--format", default="csv", metavar="F", help="csv (default) or parquet")
    parser.add_argument(
        "--agencies", default="", metavar="A,B", help="only these agencies' tables, such as schools,snap"
    )
    parser.add_argument("--parameters", type=Path, metavar="YAML", help="numbers of your own in place of the county's")
    parser.add_argument(
        "--deliveries",
        metavar="YEAR",
        help="only what five agencies deliver to a trust for a school year, such as 2025-26, as in the demonstration",
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes side by side (default: at most two)")
    parser.set_defaults(run=run_practice)


def run_practice(arguments: argparse.Namespace) -> int:
    from infotrust.core.practice import command

    return command.make(
        arguments.out,
        people=arguments.people,
        years=arguments.years,
        seed=arguments.seed,
        form=arguments.format,
        agencies=arguments.agencies,
        parameters=arguments.parameters,
        workers=arguments.workers,
        deliveries=arguments.deliveries,
    )


# --- check-delivery: would the trust take this file? (core/contracts) ---


def add_check_delivery(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "check-delivery",
        help="check a file against its contract before it is sent",
        description="Find what the trust would find in a file, at the partner's own site: nothing is sent, and no "
        "value is printed. Exit code 0: every row would be accepted; 1: some would be rejected; "
        "2: the file would be refused.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV in UTF-8, also as .csv.gz or .zip")
    parser.add_argument("--contract", required=True, type=Path, metavar="YAML", help="from the page “Send a delivery”")
    parser.add_argument("--rejected", type=Path, metavar="CSV", help="write line and reasons of each rejected row here")
    parser.set_defaults(run=run_check_delivery)


def run_check_delivery(arguments: argparse.Namespace) -> int:
    from infotrust.core.contracts import command

    return command.check_file(arguments.file, arguments.contract, rejected=arguments.rejected)


# --- the other commands: each part adds its `add_...` and `run_...` here and one line to COMMANDS ---


COMMANDS: tuple[Callable[[Subparsers], None], ...] = (
    add_link,
    add_lookup,
    add_register,
    add_profile,
    add_evaluate,
    add_practice,
    add_check_delivery,
    add_verify_log,
)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="infotrust", description="Tools of an information trust, without a server.")
    parser.add_argument("--version", action="version", version=f"infotrust {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 a problem its reader can mend."""
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except UserFacingError as problem:
        print(f"infotrust {arguments.command}: {problem.what}", file=sys.stderr)
        if problem.next_step:
            print(problem.next_step, file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
