-- What tcplint says, in English (lang "en") and Chinese ("zh"): findings as messages, and the words of the reports.
-- The same as catalogue/load.py, catalogue/duration.py and report/words.py say in Python, from the same tables.
-- The catalogue (lua/src/catalogue.lua) is the argument of this chunk.

local catalogue = ...
local words = {}

local SECOND = 1000000 -- microseconds
local MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
local PAIRS = { { DAY, "d", HOUR, "h" }, { HOUR, "h", MINUTE, "min" }, { MINUTE, "min", SECOND, "s" } }
local UNITS = {
  en = { us = "µs", ms = "ms", s = "s", min = "min", h = "h", d = "d" },
  zh = { us = "微秒", ms = "毫秒", s = "秒", min = "分", h = "小时", d = "天" },
}
local TENS = { 10, 100 }
local INCONCLUSIVE = 1 -- of core.model

local floor, format = math.floor, string.format

-- value / unit, which is below 1000, with at most three digits, cut off, and without zeros at the end.
local function three_digits(value, unit)
  local whole = format("%d", floor(value / unit))
  local places = 3 - #whole
  if places == 0 then return whole end
  local fraction = format("%0" .. places .. "d", floor(value % unit * TENS[places] / unit)):gsub("0+$", "")
  return fraction == "" and whole or whole .. "." .. fraction
end

-- A span of microseconds with its unit: 130 µs, 20.4 ms, 2 min 5 s.
function words.duration(microseconds, lang)
  local units = UNITS[lang]
  if microseconds < 0 then return "-" .. words.duration(-microseconds, lang) end
  if microseconds < 1000 then return format("%d %s", microseconds, units.us) end
  if microseconds < SECOND then return three_digits(microseconds, 1000) .. " " .. units.ms end
  if microseconds < MINUTE then return three_digits(microseconds, SECOND) .. " " .. units.s end
  for _, pair in ipairs(PAIRS) do
    local large, large_name, small, small_name = pair[1], pair[2], pair[3], pair[4]
    if microseconds >= large then
      local text = format("%d %s", floor(microseconds / large), units[large_name])
      local rest = microseconds % large
      if rest < small then return text end
      return format("%s %d %s", text, floor(rest / small), units[small_name])
    end
  end
end

-- A number of a finding: -1 is not known, and a name that ends so is a span of time.
local function number(name, value, lang)
  if value == -1 then return "?" end
  if name:find("microseconds$") then return words.duration(value, lang) end
  return format("%d", value)
end

-- The words for the side of a finding and for its peer.
local function sides(finding, lang, client_side)
  local frame = format("%d", finding.frame)
  if finding.side ~= 0 and finding.side ~= 1 then
    if lang == "zh" then return "第 " .. frame .. " 帧的发送者", "对端" end
    return "the source of frame " .. frame, "its peer"
  end
  local client, server = "client", "server"
  if lang == "zh" then client, server = "客户端", "服务器" end
  if finding.side == client_side then return client, server end
  return server, client
end

-- "1 bytes" is one byte; "1,001 bytes", "0.1 bytes" and "-1 bytes" are not.
local function one_of_many(text)
  for _, unit in ipairs({ "byte", "segment", "time", "SACK block" }) do
    text = text:gsub("%f[%w_.,%-](1 " .. unit .. ")s%f[^%w_]", "%1")
    text = text:gsub("%f[%w_.,%-](1 more " .. unit .. ")s%f[^%w_]", "%1")
  end
  return text
end

-- The rule of a finding, nil when it has no page.
function words.rule(finding)
  return catalogue.by_code[finding.code]
end

-- "note", "warning" or "error"; nil for a finding without a page.
function words.severity_of(finding)
  local rule = catalogue.by_code[finding.code]
  return rule and rule.kinds[finding.kind]
end

-- The message without the optional parts [in brackets] that a value is missing for, and without the other brackets.
local function complete(template, values)
  return (template:gsub("%[([^%]]*)%]", function(part)
    for name in part:gmatch("{([%w_]+)}") do
      if values[name] == "?" then return "" end
    end
    return part
  end))
end

-- What a finding (core.model.Finding) says; client_side is the index (0, 1) of the client's end. An undecided finding
-- says what cannot be told. A code or kind without a page gives the bare words.
function words.message(finding, lang, client_side)
  local rule = catalogue.by_code[finding.code]
  local template = rule and rule.messages[lang][finding.kind]
  if not template then return finding.code .. " " .. finding.kind end
  local side, other = sides(finding, lang, client_side)
  local related = {}
  for index, frame in ipairs(finding.related) do related[index] = format("%d", frame) end
  local values = {
    side = side,
    other = other,
    frame = format("%d", finding.frame),
    related = #related > 0 and table.concat(related, lang == "zh" and "、" or ", ") or "?",
  }
  local numbers = { finding.n1, finding.n2, finding.n3 }
  for index, names in ipairs(rule.numbers) do
    for _, name in ipairs(names) do values[name] = number(name, numbers[index], lang) end
  end
  local text = complete(template, values):gsub("{([%w_]+)}", values)
  if lang == "en" then text = one_of_many(text) end
  if finding.verdict ~= INCONCLUSIVE then return text end
  return (lang == "zh" and "无法判定是否属实：" or "cannot tell whether ") .. text
end

-- The name of a state number of core.model (RFC 9293 §3.3.2), or its Chinese name.
function words.state(state, lang)
  return catalogue.words[lang].states[state]
end

-- The English name of a state with the Chinese one beside it, as in a Chinese textbook.
function words.state_both(state)
  return words.state(state, "en") .. " " .. words.state(state, "zh")
end

-- What a segment is to its connection: core.model.Step's name and again.
function words.step(name, again, lang)
  local tables = catalogue.words[lang]
  return (tables.steps[name] or name) .. (again and tables.again or "")
end

-- Functions of (word, lang) for the other words of the core: a word that the table does not hold is its own text.
for name, table_name in pairs({
  handshake = "handshakes", -- outcome of an opening
  teardown = "teardowns", -- outcome of a close
  verdict = "verdicts", -- of a finding, a phase or a connection
  severity = "severities",
  side = "sides", -- client, server, both, unknown
  why = "whys", -- one sentence on the missing evidence
}) do
  words[name] = function(word, lang)
    return catalogue.words[lang][table_name][word] or word
  end
end

return words
