-- What Wireshark shows of a frame: the item "tcplint" in the tree, its filter fields, the expert infos.
-- Arguments of this chunk: catalogue, words, analysis, answers, settings. Wireshark is called by functions alone.
--
-- The value of a field is a word of the machine formats, in every language; the line in the tree is in the language of
-- the reader. Items are made only for who asks (a visible tree, a filter, a column); expert infos always.

local catalogue, words, analysis, answers, settings = ...
local tree = {}

local VERDICTS = { [0] = "observed", "inconclusive", "violates" } -- of a finding, by core.model
local SIDES = { [0] = { [0] = "client", "server", "both" }, { [0] = "server", "client", "both" } } -- [client][side]
local format, ipairs = string.format, ipairs

-- Field, type, name in the tree in English and Chinese.
local FIELDS = {
  { "tcplint.step", "string", "Step", "步骤" },
  { "tcplint.again", "bool", "Again", "重传" },
  { "tcplint.sender", "string", "Sender", "发送方" },
  { "tcplint.client.state", "string", "State of the client", "客户端状态" },
  { "tcplint.server.state", "string", "State of the server", "服务器状态" },
  { "tcplint.verdict", "string", "Verdict", "结论" },
  { "tcplint.finding", "string", "Finding", "发现" },
  { "tcplint.rule", "string", "Rule", "规则" },
  { "tcplint.code", "string", "Code", "编号" },
  { "tcplint.kind", "string", "Kind", "种类" },
  { "tcplint.severity", "string", "Severity", "严重程度" },
  { "tcplint.finding.verdict", "string", "Verdict of the rule", "该规则的结论" },
  { "tcplint.why", "string", "Missing evidence", "缺少的证据" },
  { "tcplint.side", "string", "Side", "一端" },
  { "tcplint.clause", "string", "Clause", "条款" },
  { "tcplint.count", "uint32", "Count", "次数" },
  { "tcplint.frame", "framenum", "Stands at frame", "所在的帧" },
  { "tcplint.last_frame", "framenum", "Last frame of it", "最后出现的帧" },
  { "tcplint.related", "framenum", "Related frame", "相关的帧" },
  { "tcplint.connection", "uint32", "Connection", "连接" },
  { "tcplint.connection.verdict", "string", "Verdict on the connection", "连接的结论" },
  { "tcplint.connection.client", "string", "Client", "客户端" },
  { "tcplint.connection.server", "string", "Server", "服务器" },
  { "tcplint.connection.client_certain", "bool", "Client is certain", "客户端已确定" },
  { "tcplint.handshake", "string", "Handshake", "建立连接" },
  { "tcplint.handshake.verdict", "string", "Verdict on the handshake", "建立连接的结论" },
  { "tcplint.teardown", "string", "Close", "终止连接" },
  { "tcplint.teardown.verdict", "string", "Verdict on the close", "终止连接的结论" },
  { "tcplint.active_closer", "string", "Active closer", "主动关闭方" },
  { "tcplint.connection.client_state", "string", "Last state of the client", "客户端的最后状态" },
  { "tcplint.connection.server_state", "string", "Last state of the server", "服务器的最后状态" },
  { "tcplint.connection.first_frame", "framenum", "First frame", "第一帧" },
  { "tcplint.connection.last_frame", "framenum", "Last frame", "最后一帧" },
  { "tcplint.connection.segments", "uint32", "Segments", "报文段数" },
  { "tcplint.connection.completeness", "uint32", "Completeness", "完整度" },
  { "tcplint.evidence", "string", "The capture lacks", "抓包缺少" },
  { "tcplint.skipped", "string", "Not read", "未读取" },
  { "tcplint.error", "string", "Error in tcplint", "tcplint 内部错误" },
}
local SHORT = { en = 3, zh = 4 }

local fields, labels, experts = {}, { en = {}, zh = {} }, {}

-- The group of Wireshark's expert infos for the notes of a family; what violates is of the group PROTOCOL.
local GROUP_OF_NOTES = { options = "PROTOCOL", header = "PROTOCOL", capture = "ASSUMPTION" }
local LEVEL_OF = { error = "ERROR", warning = "WARN", note = "NOTE", inconclusive = "NOTE" }

-- Register all fields and expert infos; lists, so that their order is the same at each start.
function tree.declare(proto)
  local made = {}
  for index, row in ipairs(FIELDS) do
    local name, kind, label = row[1], row[2], row[3]
    local field
    if kind == "framenum" then
      field = ProtoField.framenum(name, label, base.NONE)
    elseif kind == "uint32" then
      field = ProtoField.uint32(name, label, base.DEC)
    else
      field = ProtoField[kind](name, label)
    end
    made[index] = field
    fields[name:gsub("^tcplint%.", "")] = field
  end
  proto.fields = made
  local infos = {}
  for _, group in ipairs(catalogue.groups) do
    for _, level in ipairs({ "error", "warning", "note", "inconclusive" }) do
      local title = group.title.en
      if level == "inconclusive" then title = title .. " (not decided)" end
      local kind = "PROTOCOL"
      if level == "inconclusive" then kind = "ASSUMPTION" end
      if level == "note" then kind = GROUP_OF_NOTES[group.name] or "SEQUENCE" end
      local name = "tcplint.expert." .. group.name .. "." .. level
      local info = ProtoExpert.new(name, "TCP " .. title, expert.group[kind], expert.severity[LEVEL_OF[level]])
      experts[group.name .. level] = info
      infos[#infos + 1] = info
    end
  end
  experts.failed = ProtoExpert.new("tcplint.expert.failed", "tcplint failed at this frame", expert.group.UNDECODED,
    expert.severity.WARN)
  infos[#infos + 1] = experts.failed
  proto.experts = infos
end

for _, row in ipairs(FIELDS) do
  local name = row[1]:gsub("^tcplint%.", "")
  for lang, column in pairs(SHORT) do labels[lang][name] = row[column] end
end

-- One line below `parent`: the field's value for filters, and the text for people. Returns the item.
local function add(parent, lang, name, value, text)
  local item = parent:add(fields[name], value)
  item:set_generated()
  if text or lang ~= "en" then
    item:set_text(format(lang == "zh" and "%s：%s" or "%s: %s", labels[lang][name], text or tostring(value)))
  end
  return item
end

local function address(octets)
  if #octets == 4 then return format("%d.%d.%d.%d", octets:byte(1, 4)), "%s:%d" end
  local groups = {}
  for position = 1, 15, 2 do
    local high, low = octets:byte(position, position + 1)
    groups[#groups + 1] = format("%x", high * 256 + low)
  end
  return tree.shorten(groups), "[%s]:%d"
end

-- IPv6 as RFC 5952 writes it: the longest run of zero groups, of two at least, becomes "::".
function tree.shorten(groups)
  local best, length = 0, 1
  local start = 0
  for index = 1, 9 do
    if groups[index] == "0" then
      if start == 0 then start = index end
    elseif start > 0 then
      if index - start > length then best, length = start, index - start end
      start = 0
    end
  end
  if best == 0 then return table.concat(groups, ":") end
  return table.concat(groups, ":", 1, best - 1) .. "::" .. table.concat(groups, ":", best + length, 8)
end

-- Client and server of a summary, "192.0.2.1:80" or "[2001:db8::1]:80".
function tree.endpoints(summary)
  local key = summary.key
  local size = (#key - 4) / 2
  local ends = {}
  for side = 0, 1 do
    local text, form = address(key:sub(side * size + 1, side * size + size))
    local high, low = key:byte(2 * size + 2 * side + 1, 2 * size + 2 * side + 2)
    ends[side] = format(form, text, high * 256 + low)
  end
  local client = summary.outcome.client
  return ends[client], ends[1 - client]
end

-- "error", "warning" or "note" of what violates, else "inconclusive" or "note".
local function level_of(finding)
  if VERDICTS[finding.verdict] == "inconclusive" then return "inconclusive" end
  if VERDICTS[finding.verdict] == "observed" then return "note" end
  return words.severity_of(finding) or "note"
end

local VERDICT_OF = { error = "violates", warning = "warns", inconclusive = "inconclusive", note = "observed" }
local WORST = { "error", "warning", "inconclusive", "note" }

-- The verdict on a frame: its worst finding.
local function verdict_of(found)
  local has = {}
  for _, each in ipairs(found) do has[level_of(each.finding)] = true end
  for _, level in ipairs(WORST) do
    if has[level] then return VERDICT_OF[level] end
  end
end

local function add_finding(parent, lang, each, frame)
  local finding = each.finding
  local rule = catalogue.by_code[finding.code]
  local message = words.message(finding, lang, each.client)
  local verdict, severity = VERDICTS[finding.verdict], words.severity_of(finding) or "note"
  local head = words.severity(severity, lang)
  if verdict == "inconclusive" then head = words.verdict(verdict, lang) end
  local name = rule and rule.name or finding.code
  local text = format(lang == "zh" and "%s %s %s：%s" or "%s %s %s: %s", head, finding.code, name, message)
  local item = parent:add(fields.finding, text)
  item:set_generated()
  item:set_text(text)
  add(item, lang, "rule", name, rule and format("%s (%s)", name, rule.title[lang]))
  add(item, lang, "code", finding.code)
  add(item, lang, "kind", finding.kind)
  add(item, lang, "severity", severity, words.severity(severity, lang))
  add(item, lang, "finding.verdict", verdict, words.verdict(verdict, lang))
  if verdict == "inconclusive" then
    add(item, lang, "why", finding.why, format("%s (%s)", finding.why, words.why(finding.why, lang)))
  end
  local side = SIDES[each.client][finding.side] or "unknown"
  add(item, lang, "side", side, words.side(side, lang))
  for _, clause in ipairs(rule and rule.clauses or {}) do add(item, lang, "clause", clause) end
  if finding.frame ~= frame then add(item, lang, "frame", finding.frame) end
  for _, related in ipairs(finding.related) do add(item, lang, "related", related) end
  if finding.count > 1 then
    add(item, lang, "count", finding.count)
    add(item, lang, "last_frame", finding.last_frame)
  end
  return item, message
end

local function add_connection(parent, lang, run, number, summary)
  local item = add(parent, lang, "connection", number)
  if summary == nil then return end
  local outcome = summary.outcome
  local client, server = tree.endpoints(summary)
  item:append_text(format(", %s → %s, %s", client, server, words.verdict(outcome.verdict, lang)))
  add(item, lang, "connection.client", client)
  add(item, lang, "connection.server", server)
  add(item, lang, "connection.client_certain", outcome.client_certain)
  add(item, lang, "handshake", outcome.handshake, words.handshake(outcome.handshake, lang))
  add(item, lang, "handshake.verdict", outcome.handshake_verdict, words.verdict(outcome.handshake_verdict, lang))
  add(item, lang, "teardown", outcome.teardown, words.teardown(outcome.teardown, lang))
  add(item, lang, "teardown.verdict", outcome.teardown_verdict, words.verdict(outcome.teardown_verdict, lang))
  local closer = SIDES[outcome.client][outcome.active_closer]
  if closer then add(item, lang, "active_closer", closer, words.side(closer, lang)) end
  local first, second = outcome.state0, outcome.state1
  if outcome.client == 1 then first, second = second, first end
  tree.add_state(item, lang, "connection.client_state", first)
  tree.add_state(item, lang, "connection.server_state", second)
  add(item, lang, "connection.first_frame", summary.first_frame)
  add(item, lang, "connection.last_frame", summary.last_frame)
  add(item, lang, "connection.segments", summary.segments)
  add(item, lang, "connection.completeness", outcome.completeness)
  for _, why in ipairs(outcome.evidence) do
    add(item, lang, "evidence", why, format("%s (%s)", why, words.why(why, lang)))
  end
  add(item, lang, "connection.verdict", outcome.verdict, words.verdict(outcome.verdict, lang))
end

-- A state by its name in RFC 9293; a Chinese reader gets the textbook's name beside it.
function tree.add_state(parent, lang, name, state)
  return add(parent, lang, name, words.state(state, "en"), lang == "zh" and words.state_both(state) or nil)
end

local function add_step(item, lang, run, number, step, again, side, state0, state1)
  local client = answers.client(run, number)
  local text = words.step(step, again, lang)
  add(item, lang, "step", step, text)
  if again then add(item, lang, "again", true) end
  local sender = SIDES[client][side]
  add(item, lang, "sender", sender, words.side(sender, lang))
  if client == 1 then state0, state1 = state1, state0 end
  tree.add_state(item, lang, "client.state", state0)
  tree.add_state(item, lang, "server.state", state1)
  item:append_text(format(lang == "zh" and "：%s，客户端 %s，服务器 %s" or ": %s, client %s, server %s", text,
    words.state(state0, lang), words.state(state1, lang)))
end

-- Frames that hold no TCP by all appearances; of them nothing is said.
local SILENT = { ["not-ip"] = true, ["not-tcp"] = true }

local function shown_findings(found, chosen)
  local shown = {}
  for _, each in ipairs(found or {}) do
    if settings.shows(chosen, each.finding) then shown[#shown + 1] = each end
  end
  return shown
end

-- Draw one frame. chosen: resolved settings; found: its findings; wanted: whether anybody asks for items.
function tree.draw(proto, parent, run, frame, chosen, found, wanted)
  local lang = chosen.lang
  local shown = shown_findings(found, chosen)
  if not wanted and #shown == 0 then return shown end
  local number, step, again, side, state0, state1 = analysis.read_row(run.rows[frame])
  if number == nil and SILENT[step] then return shown end
  local item = parent:add(proto)
  item:set_generated()
  if number == nil then
    add(item, lang, "skipped", step)
    return shown
  end
  local summary = wanted and answers.summary(run, number)
  if wanted and step ~= "" then add_step(item, lang, run, number, step, again, side, state0, state1) end
  local verdict = verdict_of(shown)
  if verdict then
    add(item, lang, "verdict", verdict, words.verdict(verdict, lang))
    item:append_text(format(lang == "zh" and "，%s" or ", %s", words.verdict(verdict, lang)))
  end
  for _, each in ipairs(shown) do
    local part, message = add_finding(item, lang, each, frame)
    local rule = catalogue.by_code[each.finding.code]
    local info = rule and experts[rule.group .. level_of(each.finding)]
    if info then part:add_proto_expert_info(info, format("%s %s: %s", rule.code, rule.name, message)) end
  end
  if wanted and number >= 0 then add_connection(item, lang, run, number, summary) end
  for _, word in ipairs(chosen.unknown) do
    add(item, lang, "error", format("Preferences: no rule or group is called %q", word))
  end
  return shown
end

-- Say at a frame that tcplint itself failed there.
function tree.draw_problem(proto, parent, problem)
  local item = parent:add(proto)
  item:set_generated()
  local part = item:add(fields.error, problem)
  part:set_generated()
  part:add_proto_expert_info(experts.failed, "tcplint failed at this frame: " .. problem)
end

return tree
