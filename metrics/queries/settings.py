"""The settings page: what is in force, since when and by whom, and what was before."""

from dataclasses import dataclass
from datetime import date

from accounts.queries.setting_versions import RecordedVersion, recorded_versions
from accounts.setting_words import GROUPS, SETTING_WORDS, SettingWords, Words
from accounts.settings_in_force import ATTRIBUTES, DEFAULTS, FOR_ALL_QUARTERS, SettingHistory, SettingVersion


@dataclass(frozen=True)
class SettingState:
    """One setting on a day: the value in force, the version it comes from, later ones, and earlier ones."""

    name: str
    words: SettingWords
    value: str
    in_force: RecordedVersion | None
    """None: it was never set, and is what Soundings comes with."""
    to_come: tuple[RecordedVersion, ...]
    """Versions that take effect after the day, the next one first."""
    before: tuple[RecordedVersion, ...]
    """Versions that were in force before, the latest first."""
    default: str

    @property
    def all(self) -> tuple[RecordedVersion, ...]:
        """Every version, the latest first."""
        return (*self.to_come[::-1], *((self.in_force,) if self.in_force else ()), *self.before)

    @property
    def metric(self) -> str:
        """The attribute that it weighs, whose name it bears; blank where it weighs none."""
        _weight, _dot, attribute = self.name.partition("weight.")
        return attribute if attribute in ATTRIBUTES else ""

    @property
    def is_for_all_quarters(self) -> bool:
        """Whether the newest version counts for every quarter, whatever its date."""
        return self.name in FOR_ALL_QUARTERS


@dataclass(frozen=True)
class SettingGroup:
    """Settings about one thing."""

    code: str
    name: Words
    settings: tuple[SettingState, ...]

    @property
    def says(self) -> Words:
        """What all of them decide, where one sentence says it of each; else blank."""
        said = {str(state.words.says): state.words.says for state in self.settings}
        return next(iter(said.values())) if len(said) == 1 else ""


@dataclass(frozen=True)
class RecordedSettings:
    """All versions of all settings."""

    versions: dict[str, tuple[RecordedVersion, ...]]
    """By setting, the latest first."""

    @property
    def plain(self) -> tuple[SettingVersion, ...]:
        """The versions without who recorded them."""
        return tuple(
            SettingVersion(one.name, one.effective_on, one.value) for found in self.versions.values() for one in found
        )

    @property
    def history(self) -> SettingHistory:
        """What was in force when."""
        return SettingHistory(self.plain)

    def state(self, name: str, day: date) -> SettingState:
        """One setting as it is on that day. KeyError for an unknown name."""
        return _state(name, self.versions.get(name, ()), day)

    def groups(self, day: date) -> tuple[SettingGroup, ...]:
        """Every setting as it is on that day, group by group."""
        return tuple(
            SettingGroup(
                code,
                name,
                tuple(self.state(setting, day) for setting, words in SETTING_WORDS.items() if words.group == code),
            )
            for code, name in GROUPS.items()
        )


def recorded_settings() -> RecordedSettings:
    """The settings as they were recorded. One query."""
    return RecordedSettings(recorded_versions())


def _state(name: str, latest_first: tuple[RecordedVersion, ...], day: date) -> SettingState:
    counts = latest_first if name in FOR_ALL_QUARTERS else tuple(v for v in latest_first if v.effective_on <= day)
    return SettingState(
        name=name,
        words=SETTING_WORDS[name],
        value=counts[0].value if counts else DEFAULTS[name],
        in_force=counts[0] if counts else None,
        to_come=latest_first[: len(latest_first) - len(counts)][::-1],
        before=counts[1:],
        default=DEFAULTS[name],
    )
