"""What a report says in words of its own, in English and in Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from econsec.knowledge.reports.report import (
    Finding,
    LegalBasis,
    Report,
    Result,
    Severity,
    said_in,
    spelt,
)

__all__ = ["Phrases", "phrases"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The words of one language, and the sentences that are made of them.

    A field in the singular is a heading or a name; one that holds `{…}` is a
    sentence to be filled in.
    """

    language: str
    title: str
    conforms: str
    violated: str
    no_findings: str
    severity: str
    severities: Mapping[Severity, str]
    finding: str
    kinds: Mapping[Finding, str]
    findings: str
    explanations: str
    node: str
    path: str
    message: str
    value: str
    law: str
    fix: str
    place: str
    graph: str
    shape: str
    component: str
    read_law: str
    audit: str
    focus_nodes: str
    results: str
    engine: str
    time: str
    idle: str
    idle_note: str
    summary: str
    counted: str
    separator: str
    colon: str
    stop: str
    checked: str
    incomplete: str
    incomplete_name: str
    nothing_checked: str
    in_force: str
    day: str

    def verdict(self, report: Report) -> str:
        """Whether the data conform."""
        return self.conforms if report.conforms else self.violated

    def found(self, report: Report) -> str:
        """How many results there are of each severity."""
        return self._count(report.counts()) or self.no_findings

    def looked_at(self, report: Report) -> str:
        """How much was checked, as a sentence without its full stop."""
        return self.checked.format(
            shapes=len(report.audit),
            idle=sum(audit.focus_nodes == 0 for audit in report.audit),
            nodes=sum(audit.focus_nodes for audit in report.audit),
        )

    def summed_up(self, report: Report) -> str:
        """Verdict, counts and what was checked, on one line."""
        verdict, found = self.verdict(report), self.found(report)
        return self.summary.format(verdict=verdict, found=found, checked=self.looked_at(report))

    def warnings(self, report: Report) -> list[str]:
        """What a reader has to know before the verdict is believed."""
        notes = []
        if report.is_truncated:
            shown = len(report.results)
            notes.append(
                self.incomplete.format(
                    shown=shown, all=report.counts().total(), omitted=self._count(report.omitted)
                )
            )
        if not any(audit.focus_nodes for audit in report.audit):
            notes.append(self.nothing_checked)
        return notes

    def stated(self, result: Result) -> str:
        """What is wrong: the message, else the constraint component that found it."""
        return said_in(result.messages, self.language) or spelt(result.component)

    def provision(self, basis: LegalBasis) -> str:
        """The name of a provision, with the day from which it is in force."""
        name = said_in(basis.label, self.language) or spelt(basis.iri)
        if basis.in_force_from is None:
            return name
        return name + self.in_force.format(day=self.dated(basis.in_force_from))

    def dated(self, day: date) -> str:
        """A day, as the language writes it in figures."""
        return self.day.format(year=day.year, month=day.month, day=day.day)

    def _count(self, counts: Mapping[Severity, int]) -> str:
        return self.separator.join(
            self.counted.format(name=self.severities[severity], count=f"{counts[severity]:,}")
            for severity in Severity
            if counts.get(severity)
        )


_ENGLISH = Phrases(
    language="en",
    title="Validation report",
    conforms="Conforms",
    violated="Does not conform",
    no_findings="no findings",
    severity="severity",
    severities={severity: severity.value for severity in Severity},
    finding="kind",
    kinds={
        Finding.CRITERION_NOT_MET: "criterion not met",
        Finding.INFORMATION_MISSING: "information missing",
        Finding.NOT_IN_FORCE: "provision not in force",
    },
    findings="Findings",
    explanations="Why each designation is valid or not",
    node="node",
    path="path",
    message="message",
    value="value",
    law="law",
    fix="fix",
    place="place",
    graph="graph",
    shape="shape",
    component="constraint component",
    read_law="text of the law",
    audit="Audit",
    focus_nodes="focus nodes",
    results="results",
    engine="engine",
    time="time",
    idle="Shapes that saw no focus node",
    idle_note="The data hold nothing that these shapes look at, so that they judged nothing.",
    summary="{verdict} ({found}). {checked}.",
    counted="{name}s: {count}",
    separator=", ",
    colon=": ",
    stop=". ",
    checked="{shapes} shapes, {idle} of them with nothing to check; {nodes:,} checks of a node",
    incomplete="This report is incomplete: it shows {shown:,} of {all:,} results. "
    "Left out are {omitted}; they count for the verdict.",
    incomplete_name="completeness of the report",
    nothing_checked="No shape found a node to check: the verdict says nothing about the data.",
    in_force=" (in force from {day})",
    day="{year:04}-{month:02}-{day:02}",
)

_JAPANESE = Phrases(
    language="ja",
    title="検証報告",
    conforms="適合",
    violated="不適合",
    no_findings="指摘なし",
    severity="重大度",
    severities={Severity.VIOLATION: "違反", Severity.WARNING: "警告", Severity.INFO: "情報"},
    finding="種類",
    kinds={
        Finding.CRITERION_NOT_MET: "要件の非充足",
        Finding.INFORMATION_MISSING: "情報の欠落",
        Finding.NOT_IN_FORCE: "根拠規定の未施行",
    },
    findings="指摘",
    explanations="各指定が有効か否かの理由",
    node="対象",
    path="経路",
    message="内容",
    value="値",
    law="根拠法令",
    fix="対処",
    place="位置",
    graph="グラフ",
    shape="シェイプ",
    component="制約の種類",
    read_law="条文",
    audit="検査の記録",
    focus_nodes="対象数",
    results="指摘数",
    engine="エンジン",
    time="時間",
    idle="対象のなかったシェイプ",
    idle_note="これらのシェイプの対象となるものはデータになく、何も判定していません。",
    summary="{verdict}：{found}。{checked}。",
    counted="{name} {count} 件",
    separator="、",
    colon="：",
    stop="。",
    checked="シェイプ {shapes} 件（対象なし {idle} 件）、検査 {nodes:,} 回",
    incomplete="この報告は全てではありません。指摘 {all:,} 件のうち {shown:,} 件を示しています。"
    "省いたもの：{omitted}（適否の判定には含まれます）。",
    incomplete_name="報告の完全性",
    nothing_checked="どのシェイプにも対象がありませんでした。この判定はデータについて何も示しません。",
    in_force="（{day}施行）",
    day="{year}年{month}月{day}日",
)

_PHRASES = {each.language: each for each in (_ENGLISH, _JAPANESE)}


def phrases(language: str) -> Phrases:
    """The words of a language (en, ja); English for any other."""
    return _PHRASES.get(language, _ENGLISH)
