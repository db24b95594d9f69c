"""Small cases worked by hand from DOMAIN.md, each with the sum in its comment."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from .agencies import generate
from .arithmetic import printed
from .expansion import Rates, band, expansion_rates, is_settled, wilson
from .figures import figures
from .indicators import Case, compare, signal
from .partnership import (
    collaboration,
    commitment,
    communication,
    confidence,
    involvement,
    latest_responses,
    pulse,
    trust,
    weighted_mean,
)
from .pattern import Numbers, pattern, swing
from .periods import quarter_of, year_window
from .records import (
    CheckIn,
    Client,
    Engagement,
    ExchangeRate,
    Goal,
    Involvement,
    Kpi,
    KpiReading,
    Pulse,
    ScopeChange,
    Setting,
)
from .scope import ClientLedger, EngagementLedger, movement
from .settings import Settings


def change(
    kind: str,
    effective_on: date,
    delta: str = "0",
    *,
    external_id: str = "",
    ends_on: date | None = None,
    origin: str = "",
    reverses: str = "",
) -> ScopeChange:
    """One ledger row."""
    return ScopeChange(
        external_id=external_id,
        engagement="work",
        kind=kind,
        effective_on=effective_on,
        value_delta=Fraction(delta),
        ends_on=ends_on,
        origin=origin,
        involved_from="",
        reverses=reverses,
    )


def work(billing: str, *rows: ScopeChange, line: str = "", notice_days: int | None = None) -> EngagementLedger:
    """One engagement with its rows."""
    notice = None if notice_days is None else Fraction(notice_days)
    return EngagementLedger(Engagement("work", "Northwind", line, billing, "", notice), rows)


def northwind(
    *engagements: EngagementLedger, name: str = "Northwind", currency: str = "USD", tier: str = ""
) -> ClientLedger:
    """A client with its engagements."""
    return ClientLedger(Client(name, "", tier, currency, ""), list(engagements))


def answer(
    respondent: str,
    trust_answer: int | None,
    *,
    confidential: bool = False,
    answered_on: date = date(2025, 3, 1),
    external_id: str = "p1",
    statements: Sequence[int] = (),
) -> Pulse:
    """One response of the client's side about trust, and about what the work does."""
    answers = {} if trust_answer is None else {"trust": trust_answer}
    names = ("reduces_risk", "improves_decisions", "supports_direction")
    answers |= dict(zip(names, statements, strict=False))
    return Pulse(external_id, "Northwind", "client", respondent, answered_on, answers, confidential)


def monthly(readings: dict[date, tuple[int, int]]) -> Numbers:
    """Numbers of which so many of so many met their target in the month given; January years."""
    kpi = Kpi("k", "Northwind", "higher")
    pairs = []
    for month, (met, of) in readings.items():
        pairs += [(kpi, KpiReading("k", month, Fraction(1), Fraction(1)))] * met
        pairs += [(kpi, KpiReading("k", month, Fraction(0), Fraction(1)))] * (of - met)
    return Numbers(pairs, 1)


def test_half_a_unit_is_rounded_away_from_zero() -> None:
    assert printed(Fraction("0.00005")) == "0.0001"
    assert printed(Fraction("-0.00005")) == "-0.0001"
    assert printed(Fraction("-0.000049")) == "0.0000"
    assert printed(Fraction("12.34565")) == "12.3457"
    assert printed(Fraction(200, 3)) == "66.6667"
    assert printed(None) == ""


def test_a_fiscal_year_is_named_after_the_year_it_ends_in() -> None:
    assert quarter_of(date(2026, 8, 9), 1).label == "2026-Q3"
    assert quarter_of(date(2026, 5, 1), 4).label == "2027-Q1"
    assert quarter_of(date(2027, 3, 31), 4).label == "2027-Q4"
    assert quarter_of(date(2024, 2, 29), 12).label == "2024-Q1"
    assert quarter_of(date(2024, 2, 29), 12).start == date(2023, 12, 1)
    assert quarter_of(date(2024, 2, 29), 12).end == date(2024, 3, 1)


def test_the_year_window_begins_three_quarters_before() -> None:
    window = year_window(quarter_of(date(2026, 8, 9), 1), 1)
    assert [quarter.label for quarter in window] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert window[0].start == date(2025, 10, 1)


def test_a_price_rise_is_not_expansion() -> None:
    client = northwind(
        work(
            "retainer",
            change("start", date(2024, 1, 15), "1000"),
            change("price", date(2024, 5, 1), "200"),
        )
    )
    assert client.scope(date(2024, 7, 1)) == 12_000
    assert client.value(date(2024, 7, 1)) == 14_400
    assert movement(client, date(2024, 4, 1), date(2024, 7, 1), []) == "flat"


def test_a_change_on_a_quarters_first_day_belongs_to_that_quarter() -> None:
    client = northwind(work("retainer", change("start", date(2024, 4, 1), "1000")))
    assert client.scope(date(2024, 4, 1)) == 0
    assert client.scope(date(2024, 7, 1)) == 12_000


def test_a_reversed_expansion_never_happened() -> None:
    client = northwind(
        work(
            "retainer",
            change("start", date(2024, 1, 15), "1000", external_id="1"),
            change("expansion", date(2024, 2, 29), "500", external_id="2"),
            change("expansion", date(2024, 2, 29), "-500", external_id="3", reverses="2"),
        )
    )
    assert client.scope(date(2024, 4, 1)) == 12_000
    assert client.rows_in(date(2024, 2, 1), date(2024, 4, 1)) == []


def test_a_finished_project_rolls_off_after_a_year() -> None:
    client = northwind(
        work(
            "project",
            change("start", date(2024, 4, 1), "12000"),
            change("expansion", date(2024, 5, 10), "3000"),
            change("end", date(2024, 6, 20), "0"),
        )
    )
    assert client.scope(date(2024, 7, 1)) == 15_000
    # 2024-04-01 is exactly a year before: still counted
    assert client.scope(date(2025, 4, 1)) == 15_000
    assert client.scope(date(2025, 7, 1)) == 0


def test_an_open_project_stays_whole_however_old_it_is() -> None:
    client = northwind(work("project", change("start", date(2020, 2, 29), "12000")))
    assert client.scope(date(2024, 7, 1)) == 12_000


def test_what_was_cut_off_a_project_leaves_no_debt_behind() -> None:
    client = northwind(
        work(
            "project",
            change("start", date(2024, 2, 10), "30000"),
            change("end", date(2024, 8, 20), "-12000"),
        )
    )
    assert client.scope(date(2024, 10, 1)) == 18_000
    # the start has rolled off, the cut has not: −12000 is shown as nothing
    assert client.scope(date(2025, 4, 1)) == 0


def test_a_client_that_left_and_came_back_has_returned() -> None:
    client = northwind(
        work(
            "retainer",
            change("start", date(2024, 1, 10), "1000"),
            change("end", date(2024, 6, 30), "-1000"),
        ),
        work("retainer", change("start", date(2024, 12, 1), "1000")),
    )
    starts = [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)]
    assert movement(client, date(2024, 1, 1), date(2024, 4, 1), []) == "new"
    assert movement(client, date(2024, 4, 1), date(2024, 7, 1), starts[:1]) == "lost"
    assert movement(client, date(2024, 10, 1), date(2025, 1, 1), starts) == "returned"


def test_seven_of_nineteen_says_little() -> None:
    # p = 0.368421, z² = 3.841459, 1 + z²/19 = 1.202182
    # centre (0.368421 + 0.101091) / 1.202182 = 0.390550
    # half 1.959964 × √(0.0122467 + 0.0026603) / 1.202182 = 0.199055
    low, high = wilson(7, 19)
    assert (printed(low), printed(high)) == ("19.1495", "58.9605")
    assert band(Fraction(700, 19)) == "strong"
    assert not is_settled(low, high)


def test_a_band_is_settled_when_the_whole_interval_lies_in_it() -> None:
    # none of twelve: 0 to z² / (12 + z²) = 3.841459 / 15.841459; all of twelve: 12 / 15.841459
    nobody, everyone = wilson(0, 12), wilson(12, 12)
    assert (printed(nobody[0]), printed(nobody[1])) == ("0.0000", "24.2494")
    assert (printed(everyone[0]), printed(everyone[1])) == ("75.7506", "100.0000")
    assert not is_settled(*nobody)
    assert is_settled(*everyone)
    # none of thirty-five: z² / 38.841459 = 9.89 %; none of thirty-four: 10.15 %
    assert is_settled(*wilson(0, 35))
    assert not is_settled(*wilson(0, 34))


def test_money_is_added_at_the_rate_of_the_windows_first_day() -> None:
    euros = northwind(
        work(
            "retainer",
            change("start", date(2023, 11, 1), "1000"),
            change("expansion", date(2024, 2, 1), "500", origin="client"),
            change("expansion", date(2024, 3, 1), "100"),
            line="SEO",
        ),
        work("project", change("start", date(2024, 2, 9), "2400", origin="agency"), line="Video"),
        name="E",
        currency="EUR",
    )
    dollars = northwind(
        work(
            "retainer",
            change("start", date(2023, 11, 1), "2000"),
            change("price", date(2024, 1, 20), "300"),
            change("contraction", date(2024, 2, 1), "-500"),
        ),
        name="U",
    )
    yen = northwind(work("retainer", change("start", date(2023, 11, 1), "9000")), name="Y", currency="JPY")
    rates = Rates(
        [
            ExchangeRate("EUR", date(2023, 12, 1), Fraction(3)),
            ExchangeRate("EUR", date(2024, 1, 1), Fraction(2)),
            ExchangeRate("EUR", date(2024, 2, 1), Fraction(1)),
            ExchangeRate("JPY", date(2024, 1, 2), Fraction(1)),
            ExchangeRate("USD", date(2023, 12, 1), Fraction(7)),
        ],
        "USD",
    )
    quarter = quarter_of(date(2024, 1, 1), 1)
    rows = expansion_rates([euros, dollars, yen], [quarter], rates)
    everyone, seo = rows
    assert everyone["segment"] == "all"
    assert (everyone["existing"], everyone["expanding"], everyone["contracting"]) == ("3", "1", "1")
    assert everyone["rate"] == "33.3333"
    # a: 12000 × 2 + 24000 = 48000; b: (19200 + 2400) × 2 + 18000 = 61200
    assert everyone["nsr"] == "127.5000"
    # value at b: 43200 + 21600 = 64800; kept: 24000 + 21600 = 45600
    assert (everyone["nrr"], everyone["grr"]) == ("135.0000", "95.0000")
    # pulled 6000 of the known 6000 + 2400; 1200 came from nobody knows whom
    assert everyone["pulled_share"] == "71.4286"
    assert everyone["into_new"] == "1"
    assert (seo["segment"], seo["existing"], seo["into_new"]) == ("service:SEO", "1", "0")
    # the line alone: 19200 of 12000
    assert (seo["nsr"], seo["pulled_share"]) == ("160.0000", "100.0000")


def test_exactly_on_target_is_met_whichever_way_is_better() -> None:
    lower = Kpi("k", "Northwind", "lower")
    values = [(Fraction(30), Fraction(30)), (Fraction(31), Fraction(30)), (Fraction(9), None)]
    numbers = Numbers([(lower, KpiReading("k", date(2024, 2, 1), value, target)) for value, target in values], 1)
    quarter = quarter_of(date(2024, 2, 1), 1)
    assert numbers.tally(quarter.start).readings == 2
    assert numbers.attainment(quarter) == 50


def test_swing_needs_three_quarters_and_looks_back_before_there_was_scope() -> None:
    quarter = quarter_of(date(2024, 12, 31), 1)
    two = monthly({date(2024, 4, 1): (1, 1), date(2024, 12, 1): (0, 1)})
    assert swing(two, quarter, 1) is None
    # 100, 0 and 50: mean 50, √((2500 + 2500 + 0) / 3) = 40.8248
    three = monthly({date(2024, 1, 1): (1, 1), date(2024, 4, 1): (0, 1), date(2024, 12, 1): (1, 2)})
    assert printed(swing(three, quarter, 1)) == "40.8248"


def test_good_numbers_stall_where_scope_does_not_grow() -> None:
    client = northwind(work("retainer", change("start", date(2024, 2, 1), "1000")))
    numbers = monthly({date(2024, 5, 1): (3, 5), date(2024, 8, 1): (5, 5)})
    second, third = quarter_of(date(2024, 5, 1), 1), quarter_of(date(2024, 8, 1), 1)
    good = Fraction(80)
    assert pattern(client, numbers, second, good, 1) == "too_early"
    # (60 + 100) / 2 is exactly 80
    assert pattern(client, numbers, third, good, 1) == "stalling"
    assert pattern(client, numbers, third, Fraction("80.01"), 1) == "at_risk"


def test_confidential_answers_wait_for_company() -> None:
    e = date(2025, 4, 1)

    def figure(*answers: Pulse) -> Fraction | None:
        return pulse(latest_responses(list(answers), "client", e), "trust")

    ann = answer("ann@northwind.example", 5)
    bob = answer("bob@northwind.example", 1, confidential=True)
    cem = answer("cem@northwind.example", 3, confidential=True)
    dee = answer("dee@northwind.example", 2)
    blank = answer("eve@northwind.example", None, confidential=True)
    assert figure(bob) is None
    assert figure(bob, cem) is None
    assert figure(ann, bob) == 100
    # three people, one in confidence: the two named, (100 + 25) / 2
    assert figure(ann, bob, dee) == Fraction("62.5")
    # three people, two in confidence: all, (100 + 0 + 50) / 3
    assert figure(ann, bob, cem) == 50
    # the third left trust blank: one named answer remains
    assert figure(ann, bob, blank) == 100


def test_a_blank_in_the_latest_response_is_not_filled_from_an_earlier_one() -> None:
    e = date(2025, 4, 1)
    earlier = answer("ann@northwind.example", 5, answered_on=date(2025, 1, 1))
    latest = answer("ann@northwind.example", None, answered_on=date(2025, 2, 1))
    assert pulse(latest_responses([earlier, latest], "client", e), "trust") is None


def test_of_two_responses_on_one_day_the_higher_external_id_as_text_counts() -> None:
    e = date(2025, 4, 1)
    ninth = answer("ann@northwind.example", 5, external_id="p9")
    tenth = answer("ann@northwind.example", 1, external_id="p10")
    assert pulse(latest_responses([ninth, tenth], "client", e), "trust") == 100


def test_a_response_counts_for_182_days_and_not_yet_on_the_day_itself() -> None:
    e = date(2025, 4, 1)
    oldest = answer("ann@northwind.example", 5, answered_on=date(2024, 10, 1))
    too_old = answer("bob@northwind.example", 5, answered_on=date(2024, 9, 30))
    too_new = answer("cem@northwind.example", 5, answered_on=date(2025, 4, 1))
    assert latest_responses([oldest, too_old, too_new], "client", e) == [oldest]


def test_confidence_is_the_mean_over_people_of_what_each_answered() -> None:
    # (5 + 4) / 2 = 4.5 is 87.5; 2 is 25; together 56.25
    ann = answer("ann@northwind.example", None, statements=(5, 4))
    bob = answer("bob@northwind.example", None, statements=(2,))
    assert confidence([ann, bob]) == Fraction("56.25")


def test_a_term_that_has_passed_binds_nobody() -> None:
    e = date(2025, 4, 1)
    start = change("start", date(2024, 1, 1), "1000", ends_on=date(2024, 12, 31))
    renewed = change("renewal", date(2025, 1, 1), ends_on=date(2025, 7, 1))
    talked = change("renewal", date(2025, 2, 1))
    assert commitment(northwind(work("retainer", start, notice_days=90)), e) == 0
    # 91 days of 365.25
    assert printed(commitment(northwind(work("retainer", start, renewed, talked)), e)) == "24.9144"
    bare = change("start", date(2024, 1, 1), "1000")
    # 30 days of 365.25
    assert printed(commitment(northwind(work("retainer", bare, notice_days=30)), e)) == "8.2136"
    ended = change("end", date(2025, 3, 31), "-1000")
    assert commitment(northwind(work("retainer", bare, ended)), e) is None


def test_check_ins_are_expected_from_the_first_start_on() -> None:
    # 49 days from 2025-02-11, one every 14: 3.5 expected, 2 held since
    client = northwind(work("retainer", change("start", date(2025, 2, 11), "0")), tier="A")
    days = [date(2025, 2, 10), date(2025, 2, 11), date(2025, 3, 3), date(2025, 4, 1)]
    nobody: frozenset[str] = frozenset()
    held = [CheckIn("c", "Northwind", day, nobody, nobody, nobody) for day in days]
    e = date(2025, 4, 1)
    assert printed(communication(client, held, Settings([]), e)) == "57.1429"
    assert communication(client, held[3:], Settings([]), e) is None
    # every 49 days from the day before e: 1 expected; from e itself: not yet
    slower = Settings([Setting("interval_a", date(2025, 3, 31), "49")])
    later = Settings([Setting("interval_a", date(2025, 4, 1), "49")])
    assert communication(client, held, slower, e) == 100
    assert printed(communication(client, held, later, e)) == "57.1429"


def test_trust_is_scope_kept_after_a_bad_quarter() -> None:
    client = northwind(
        work(
            "retainer",
            change("start", date(2024, 1, 10), "1000"),
            change("contraction", date(2024, 11, 5), "-100"),
        )
    )
    numbers = monthly(
        {
            date(2024, 2, 1): (0, 1),  # bad, but not yet existing
            date(2024, 4, 1): (1, 3),  # bad; scope held to the end of 2024-Q3
            date(2024, 7, 1): (0, 2),  # bad; scope lower at the end of 2024-Q4
            date(2024, 10, 1): (1, 2),  # exactly 50 is not below 50
        }
    )
    assert trust(client, numbers, quarter_of(date(2024, 4, 1), 1), 1) is None
    assert trust(client, numbers, quarter_of(date(2024, 7, 1), 1), 1) == 100
    assert trust(client, numbers, quarter_of(date(2025, 1, 1), 1), 1) == 50


def test_what_ends_on_a_day_is_over_only_from_that_day_on() -> None:
    e = date(2025, 4, 1)
    on_e = Involvement("Northwind", "systems", date(2024, 1, 1), date(2025, 4, 1))
    before = Involvement("Northwind", "people", date(2024, 1, 1), date(2025, 3, 31))
    not_yet = Involvement("Northwind", "planning", date(2025, 4, 1), None)
    assert involvement([on_e, before, not_yet], e) == 25
    assert involvement([before], e) == 0
    assert involvement([not_yet], e) is None

    set_on = date(2023, 1, 1)
    still_open = Goal("Northwind", set_on, date(2025, 3, 31), date(2024, 4, 1))
    too_late = Goal("Northwind", set_on, date(2025, 4, 1), None)
    closed = Goal("Northwind", set_on, set_on, date(2024, 3, 31))
    assert collaboration([still_open, too_late, closed], e) == 50


def test_a_score_weighs_the_sources_there_are() -> None:
    # (0.4 × 75 + 0.2 × 25) / 0.6
    sources: list[tuple[Fraction | None, Fraction]] = [
        (Fraction(75), Fraction("0.4")),
        (None, Fraction("0.4")),
        (Fraction(25), Fraction("0.2")),
    ]
    assert printed(weighted_mean(sources)) == "58.3333"
    assert weighted_mean([(Fraction(75), Fraction(0))]) is None


def test_a_clients_quarters_are_one_cluster() -> None:
    # V10: 3 beats both (1), 2 beats one and ties one (3/4); A = 7/8. V01: 1 and 3/4.
    # deviations ±1/8 on both sides: S10 = S01 = 2/2 × 2/64 = 1/32, S11 = 2 × 2/64 = 1/16
    # 1/32 ÷ 2 + 1/32 ÷ 2 + 2 × 1/16 ÷ 4 = 1/16
    cases = [
        Case("A", Fraction(3), True),
        Case("A", Fraction(1), False),
        Case("B", Fraction(2), True),
        Case("B", Fraction("2.0000004"), False),
    ]
    found = compare(cases)
    assert (found.auc, found.variance) == (Fraction(7, 8), Fraction(1, 16))


def test_ten_clients_are_enough_and_nine_are_too_few() -> None:
    def verdict(clients: int, grower: int, other: int) -> tuple[str, str, str]:
        cases = [Case(str(i % clients), Fraction(grower), True) for i in range(10)]
        cases += [Case(str(i % clients), Fraction(other), False) for i in range(10)]
        found = signal(cases)
        return printed(found.auc), printed(found.low), found.verdict

    assert verdict(10, 2, 1) == ("1.0000", "1.0000", "tells")
    assert verdict(10, 1, 2) == ("0.0000", "0.0000", "misleads")
    assert verdict(10, 1, 1) == ("0.5000", "0.5000", "coin")
    assert verdict(9, 2, 1) == ("1.0000", "", "too_few")


def test_a_folder_becomes_rows_as_they_are_printed(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text(
        "external_id,name,currency,value_tier\n b ,Bäckerei, EUR ,\nB,Northwind,EUR,A\n",
        encoding="utf-8",
    )
    (tmp_path / "engagements.csv").write_text(
        "external_id,client,name,billing,pricing\nE1,b,Work,retainer,value\n", encoding="utf-8"
    )
    (tmp_path / "scope_changes.csv").write_text(
        "external_id,engagement,kind,effective_on,value_delta\nS1,E1,start,2024-02-29,100.25\nS2,E1,end,2024-07-01,\n",
        encoding="utf-8",
    )
    (tmp_path / "recommendations.csv").write_text(
        "external_id,client,made_on,subject,reception,stance\n"
        "R1,B,2030-01-01,Less,debated,defended\n"
        "R2,B,2024-01-01,More,resisted,\n"
        "R3,B,2024-01-01,Other,resisted,withdrawn\n",
        encoding="utf-8",
    )
    files = figures(tmp_path, date(2024, 9, 30))
    rows = [
        (row["quarter"], row["in_progress"], row["scope_start"], row["scope_end"], row["movement"])
        for row in files["client_quarters"]
    ]
    # 12 × 100.25; the end on 2024-07-01 belongs to the third quarter, in progress on its last day
    assert rows == [
        ("2024-Q1", "no", "0.0000", "1203.0000", "new"),
        ("2024-Q2", "no", "1203.0000", "1203.0000", "flat"),
        ("2024-Q3", "yes", "1203.0000", "0.0000", "lost"),
    ]
    assert [row["nsr"] for row in files["expansion_rates"] if row["segment"] == "all"] == ["", ""]
    assert files["candour"] == [
        {
            "client": "B",
            "contested": "3",
            "defended": "1",
            "compromised": "0",
            "withdrawn": "1",
            "defended_share": "33.3333",
        }
    ]
    assert [row["verdict"] for row in files["signals"]] == ["too_few"] * 16
    assert figures(tmp_path, date(2023, 12, 31))["client_quarters"] == []


def test_the_same_number_always_invents_the_same_agency(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    as_of = generate(7, first)
    assert generate(7, second) == as_of
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
