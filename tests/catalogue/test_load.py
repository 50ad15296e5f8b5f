"""The catalogue: pages read, rules found, messages made; and what is said of a page that is wrong."""

import subprocess
import sys

import pytest

from tcplint.catalogue.duration import duration
from tcplint.catalogue.explain import explain, listing
from tcplint.catalogue.load import UnknownRuleError, load, load_whole, message, severity_table
from tcplint.catalogue.page import PageError
from tcplint.core.model import ERROR, INCONCLUSIVE, NOTE, SIDE_UNKNOWN, VIOLATES, Finding

CATALOGUE = load()

ENGLISH = """+++
name = "loud-fin"
code = "TD099"
title = "Loud FIN"
kinds = { loud = "warning" }
clauses = ["RFC 9293 §3.6"]
numbers = ["volume"]

[messages]
loud = "{side} shouted {volume} at {other} (frames {related} and {frame})"
+++
## Fires

Words.

```ladder
> S
> F.
```
"""
CHINESE = (
    '+++\ntitle = "响亮的 FIN"\n\n[messages]\nloud = "{side}对{other}大喊 {volume}（第 {related} 帧）"\n+++\n## 触发\n'
)


def write(tmp_path, english=ENGLISH, chinese=CHINESE, name="loud-fin", group="teardown"):
    folder = tmp_path / group
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(english, encoding="utf-8")
    if chinese is not None:
        (folder / f"{name}.zh.md").write_text(chinese, encoding="utf-8")
    return tmp_path


def finding(verdict=VIOLATES, side=0):
    result = Finding("TD099", "loud", verdict, side, 9)
    result.related, result.n1 = [3, 4], 11
    return result


@pytest.mark.parametrize("word", ["data-after-fin", "TD004", "td004"])
def test_a_rule_is_found_by_name_and_by_code(word):
    assert CATALOGUE.find(word).code == "TD004"
    assert [rule.code for rule in CATALOGUE.select(word)] == ["TD004"]


def test_groups_prefixes_and_all_select_several():
    assert CATALOGUE.select("teardown") == CATALOGUE.select("TD") == CATALOGUE.select("td0")
    assert "HS002" in [rule.code for rule in CATALOGUE.select("handshake")]
    assert CATALOGUE.select("all") == CATALOGUE.rules


@pytest.mark.parametrize(
    ("word", "near"),
    [("data-afer-fin", "'data-after-fin'"), ("TD00004", "'TD004'"), ("teardwon", "'teardown'")],
)
def test_an_unknown_word_is_answered_with_the_nearest(word, near):
    with pytest.raises(UnknownRuleError) as caught:
        CATALOGUE.select(word)
    assert str(caught.value) == f"unknown rule {word!r}; did you mean {near}?"


@pytest.mark.parametrize("word", ["", "zzzzzzzz"])
def test_a_word_near_to_nothing_is_only_refused(word):
    with pytest.raises(UnknownRuleError) as caught:
        CATALOGUE.select(word)
    assert str(caught.value) == f"unknown rule {word!r}"


def test_rules_stand_in_the_order_of_groups_and_codes(tmp_path):
    write(tmp_path)
    write(tmp_path, ENGLISH.replace("loud-fin", "a-fin").replace("TD099", "TD098"), name="a-fin")
    write(tmp_path, ENGLISH.replace("loud-fin", "z-syn").replace("TD099", "HS099"), name="z-syn", group="handshake")
    assert [rule.code for rule in load(tmp_path).rules] == ["HS099", "TD098", "TD099"]


def test_severities_go_to_the_core_as_numbers():
    assert severity_table(CATALOGUE)["HS002"] == {"wrong-ack": ERROR, "accepted": NOTE}


def test_the_severity_of_a_rule_is_the_highest_of_its_kinds():
    assert CATALOGUE.find("HS002").severity == "error"


def test_a_message_names_sides_frames_and_numbers(tmp_path):
    catalogue = load(write(tmp_path))
    assert message(finding(), catalogue) == "client shouted 11 at server (frames 3, 4 and 9)"
    assert message(finding(), catalogue, "zh") == "客户端对服务器大喊 11（第 3、4 帧）"


def test_the_client_may_be_the_second_end(tmp_path):
    catalogue = load(write(tmp_path))
    assert message(finding(), catalogue, client_side=1).startswith("server shouted 11 at client")


def test_an_unknown_side_is_named_by_its_frame_and_an_unknown_number_by_a_question_mark(tmp_path):
    catalogue = load(write(tmp_path))
    unknown = finding(side=SIDE_UNKNOWN)
    unknown.n1, unknown.related = -1, []
    assert message(unknown, catalogue) == "the source of frame 9 shouted ? at its peer (frames ? and 9)"
    assert message(unknown, catalogue, "zh") == "第 9 帧的发送者对对端大喊 ?（第 ? 帧）"


def test_an_optional_part_of_a_message_stands_only_where_its_value_is_known(tmp_path):
    english = ENGLISH.replace("(frames {related} and {frame})", "in frame {frame}[, see frame {related}][ ({volume})]")
    catalogue = load(write(tmp_path, english, CHINESE.replace("（第 {related} 帧）", "[（第 {related} 帧）]")))
    assert message(finding(), catalogue) == "client shouted 11 at server in frame 9, see frame 3, 4 (11)"
    unknown = finding()
    unknown.related = []
    assert message(unknown, catalogue) == "client shouted 11 at server in frame 9 (11)"
    assert message(unknown, catalogue, "zh") == "客户端对服务器大喊 11"
    assert "<side> shouted <n> at <other side> in frame <n>, see frame <n> (<n>)" in explain(catalogue.rules[0])


def test_one_sack_block_is_not_several():
    one = Finding("OP010", "on-syn", VIOLATES, 0, 1)
    one.n1 = 1
    assert message(one, CATALOGUE) == "client sent 1 SACK block on a SYN"


SPANS = [
    (0, "0 µs", "0 微秒"),
    (130, "130 µs", "130 微秒"),
    (999, "999 µs", "999 微秒"),
    (1_000, "1 ms", "1 毫秒"),
    (20_400, "20.4 ms", "20.4 毫秒"),
    (1_014_019, "1.01 s", "1.01 秒"),
    (12_500_000, "12.5 s", "12.5 秒"),
    (60_000_000, "1 min", "1 分"),
    (125_000_000, "2 min 5 s", "2 分 5 秒"),
    (7_320_000_000, "2 h 2 min", "2 小时 2 分"),
    (180_000_000_000, "2 d 2 h", "2 天 2 小时"),
    (-20_000, "-20 ms", "-20 毫秒"),
]


@pytest.mark.parametrize(("microseconds", "english", "chinese"), SPANS)
def test_a_span_of_time_has_the_unit_that_fits_and_at_most_three_digits(microseconds, english, chinese):
    assert duration(microseconds) == english
    assert duration(microseconds, "zh") == chinese


@pytest.mark.parametrize(
    ("microseconds", "text"), [(999_999, "999 ms"), (59_999_999, "59.9 s"), (119_999_999, "1 min 59 s")]
)
def test_a_span_just_below_a_unit_is_not_rounded_up_to_it(microseconds, text):
    assert duration(microseconds) == text


def test_a_number_called_microseconds_is_printed_as_a_span_of_time(tmp_path):
    named = [text.replace("volume", "pause_microseconds") for text in (ENGLISH, CHINESE)]
    catalogue = load(write(tmp_path, *named))
    late = finding()
    late.n1 = 20_400
    assert message(late, catalogue).startswith("client shouted 20.4 ms at server")
    assert message(late, catalogue, "zh").startswith("客户端对服务器大喊 20.4 毫秒")
    late.n1 = -1
    assert message(late, catalogue).startswith("client shouted ? at server")


def test_one_number_may_have_two_names_for_kinds_that_mean_different_things(tmp_path):
    two = ENGLISH.replace('["volume"]', '["volume|microseconds"]').replace("at {other}", "for {microseconds}")
    catalogue = load(write(tmp_path, two))
    assert message(finding(), catalogue).startswith("client shouted 11 for 11 µs")


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 byte (frames"), (11, "11 bytes (frames"), (0, "0 bytes (frames"), (21, "21 bytes (frames")],
)
def test_one_byte_is_no_bytes(tmp_path, count, text):
    catalogue = load(write(tmp_path, ENGLISH.replace("{volume} at {other}", "{volume} bytes")))
    loud = finding()
    loud.n1 = count
    assert text in message(loud, catalogue)


def test_an_undecided_finding_does_not_accuse(tmp_path):
    catalogue = load(write(tmp_path))
    assert message(finding(INCONCLUSIVE), catalogue).startswith("cannot tell whether client shouted")
    assert message(finding(INCONCLUSIVE), catalogue, "zh").startswith("无法判定是否属实：客户端")


def test_a_finding_without_a_page_still_says_what_it_is():
    assert message(Finding("ZZ001", "odd", VIOLATES, 0, 1), CATALOGUE) == "ZZ001 odd"


def test_a_ladder_knows_its_section_and_its_line(tmp_path):
    (ladder,) = load(write(tmp_path)).rules[0].ladders
    assert (ladder.section, ladder.text) == ("Fires", "> S\n> F.")
    assert ENGLISH.splitlines()[ladder.line - 1] == "> S"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("+++\nname", "name", "does not begin with TOML"),
        ('title = "Loud FIN"', 'title = "Loud', "front matter"),
        ("clauses", "clases", "unknown key 'clases'"),
        ('title = "Loud FIN"\n', "", "key 'title' is missing"),
        ('"warning"', '"fatal"', "key 'kinds': 'loud' is 'fatal'"),
        ('["volume"]', '"volume"', "key 'numbers' must be a list"),
        ('["volume"]', "[5]", "key 'numbers' must hold texts only"),
        ("```ladder\n> S\n> F.\n```", "```ladder\n> S\n> F.", "line 16: this fenced block is never closed"),
        ("## Fires", "Fires", "line 12: text before the first section"),
    ],
)
def test_a_page_that_is_wrong_is_refused_with_its_name_and_what_is_wrong(tmp_path, old, new, complaint):
    assert old in ENGLISH
    with pytest.raises(PageError) as caught:
        load_whole(write(tmp_path, ENGLISH.replace(old, new)))
    assert str(caught.value).startswith(str(tmp_path / "teardown" / "loud-fin.md"))
    assert complaint in str(caught.value)


def test_a_key_of_the_english_page_does_not_belong_into_the_chinese_one(tmp_path):
    with pytest.raises(PageError, match=r"loud-fin\.zh\.md: unknown key 'code'"):
        load_whole(write(tmp_path, chinese='+++\ncode = "TD099"' + CHINESE[3:]))


def test_a_missing_chinese_page_is_named(tmp_path):
    with pytest.raises(PageError, match=r"loud-fin\.zh\.md: there is no such page"):
        load_whole(write(tmp_path, chinese=None))


def test_a_folder_that_is_no_group_is_named(tmp_path):
    with pytest.raises(PageError, match="'tear' is no group"):
        load(write(tmp_path, group="tear"))


def test_two_rules_of_one_code_are_refused(tmp_path):
    write(tmp_path)
    with pytest.raises(PageError, match="name or code is already that of"):
        load(write(tmp_path, ENGLISH.replace("loud-fin", "other-fin"), name="other-fin"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_explanation_holds_the_whole_page_and_its_ladders(lang):
    rule = CATALOGUE.find("data-after-fin")
    text = explain(rule, lang)
    assert text.startswith(f"TD004 data-after-fin\n{rule.title[lang]}\n")
    for heading in rule.sections[lang]:
        assert f"\n{heading}\n" in text
    for ladder in rule.ladders:
        for line in ladder.text.splitlines():
            assert f"    {line}\n" in text
    assert "```" not in text
    assert rule.clauses[0] in text


def test_an_explanation_marks_the_places_of_values(tmp_path):
    named = [text.replace("volume", "microseconds") for text in (ENGLISH, CHINESE)]
    rule = load(write(tmp_path, *named)).rules[0]
    assert "    <side> shouted <time> at <other side> (frames <n> and <n>)\n" in explain(rule)
    assert "    <一端>对<另一端>大喊 <时间>（第 <n> 帧）\n" in explain(rule, "zh")


def test_a_listing_has_a_line_for_every_rule_under_its_group():
    lines = listing(CATALOGUE.rules, "en").splitlines()
    assert lines[0] == "Handshake (handshake)"
    assert sum(line.startswith("  ") for line in lines) == len(CATALOGUE.rules)
    assert listing([], "en") == ""
    assert "终止连接（四次挥手）  teardown" in listing(CATALOGUE.rules, "zh")


def test_reading_the_catalogue_loads_no_heavy_library():
    code = "import sys, tcplint.catalogue.load as catalogue; catalogue.load(); "
    code += "print([name for name in ('dpkt', 'pyshark', 'rich') if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "[]"


@pytest.mark.parametrize(
    "word",
    ["suricata:stream.fin_syn", "stream.fin_syn", "STREAM.FIN_SYN", "snort:116:420", "116:420"],
)
def test_a_rule_is_found_by_the_word_of_another_program(word):
    assert [rule.code for rule in CATALOGUE.select(word)] == ["FL004"]


def test_a_word_that_several_rules_share_finds_them_all():
    assert {"RS008", "RS009", "RS004"} <= {rule.code for rule in CATALOGUE.select("zeek:RSTO")}
    assert CATALOGUE.select("zeek:RSTO") == CATALOGUE.select("conn_state=RSTO")


def test_the_name_of_a_program_lists_the_rules_it_has_a_word_for():
    listed = {rule.code for rule in CATALOGUE.select("snort:")}
    assert "TD004" in listed
    assert "RS011" not in listed  # nobody else speaks of unread data


def test_a_word_belongs_to_its_program_only():
    with pytest.raises(UnknownRuleError):
        CATALOGUE.select("zeek:stream.fin_syn")


def test_aliases_are_shown_with_the_rule():
    assert "elsewhere: Suricata: stream.fin_syn; Snort: 116:420" in explain(CATALOGUE.find("FL004"))
    assert "其他程序的叫法: Suricata: stream.fin_syn" in explain(CATALOGUE.find("FL004"), "zh")


@pytest.mark.parametrize(
    ("aliases", "complaint"),
    [
        ('nessus = ["x"]', "unknown program 'nessus'; known are suricata, zeek, wireshark, snort"),
        ('snort = "129:3"', "snort must hold a list of words, not '129:3'"),
        ("snort = []", "snort must hold a list of words"),
        ('snort = ["stream.fin_syn"]', "'stream.fin_syn' is no word of snort"),
        ("zeek = [3]", "3 is no word of zeek"),
    ],
)
def test_an_alias_of_the_wrong_form_is_refused(tmp_path, aliases, complaint):
    text = ENGLISH.replace("\n+++\n## Fires", f"\n\n[aliases]\n{aliases}\n+++\n## Fires")
    with pytest.raises(PageError) as caught:
        load(write(tmp_path, text))
    assert complaint in str(caught.value)
