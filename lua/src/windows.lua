-- Tools > tcplint in Wireshark: connections, findings, the ladder of the selected connection, rule help, a report.
-- Arguments of this chunk: catalogue, words, answers, settings, tree, ladder. Wireshark is called by declare() alone.
--
-- A text window of Wireshark has no links, so buttons ask for a number and set the display filter.

local catalogue, words, answers, settings, tree, ladder = ...
local windows = {}

local MOST_LINES = 20000
local VERDICTS = { [0] = "observed", "inconclusive", "violates" }
local format, ipairs = string.format, ipairs

local TEXTS = {
  en = { menu = "tcplint/", connections = "Connections", findings = "Findings",
    ladder = "Ladder of the selected connection", rules = "Rules", save = "Save report",
    none = "No TCP connection was analysed yet. Open a capture.\n", quiet = "No findings.\n",
    unselected = "Select a TCP packet first.\n", more = "⋮ %d more; tcplint check shows them all\n",
    filter = "Filter one", violations = "Filter violations", all = "No filter", copy = "Copy", rule = "Show a rule",
    ask_connection = "Number of the connection", ask_rule = "Name, code or group of rules", ask_file = "File to write",
    written = "tcplint report written to ", failed = "tcplint cannot write the report: ",
    unknown = "No rule or group is called %q (preferences of TCPLINT)\n", no_rule = "No rule is called %q.\n",
    head = "   #  client → server\n      handshake, close: verdict, frames (segments)\n\n" },
  zh = { menu = "tcplint/", connections = "连接", findings = "发现", ladder = "所选连接的梯形图", rules = "规则",
    save = "保存报告", none = "还没有分析任何 TCP 连接。请打开一个抓包文件。\n", quiet = "没有发现。\n",
    unselected = "请先选中一个 TCP 分组。\n", more = "⋮ 还有 %d 条；tcplint check 会全部显示\n",
    filter = "只显示一个连接", violations = "只显示违反规则的", all = "取消过滤", copy = "复制", rule = "显示规则",
    ask_connection = "连接编号", ask_rule = "规则的名称、编号或组", ask_file = "写入的文件",
    written = "tcplint 报告已写入 ", failed = "tcplint 无法写入报告：",
    unknown = "没有名为 %q 的规则或组（TCPLINT 首选项）\n", no_rule = "没有名为 %q 的规则。\n",
    head = "   #  客户端 → 服务器\n      建立连接，终止连接：结论，帧（报文段数）\n\n" },
}

-- One line of a finding as answers gives it; nil when the preferences hide it.
local function finding_line(chosen, found)
  local finding, lang = found.finding, chosen.lang
  if not settings.shows(chosen, finding) then return nil end
  local rule = catalogue.by_code[finding.code]
  local verdict = VERDICTS[finding.verdict]
  local head = words.severity(words.severity_of(finding) or "note", lang)
  if verdict == "inconclusive" then head = words.verdict(verdict, lang) end
  local text = format(lang == "zh" and "%s %s %s：%s" or "%s %s %s: %s", head, finding.code, rule and rule.name or "",
    words.message(finding, lang, found.client))
  if finding.why ~= "" then text = format("%s [%s]", text, finding.why) end
  return text
end

local function preamble(chosen)
  local text = ""
  for _, word in ipairs(chosen.unknown) do text = text .. format(TEXTS[chosen.lang].unknown, word) end
  return text
end

-- Calls visit(number, summary) for every connection.
local function each_connection(run, visit)
  for number = 0, answers.count(run) - 1 do
    local summary = answers.summary(run, number)
    if summary then visit(number, summary) end
  end
end

-- The lines as one text; those beyond a bound are counted.
local function bounded(lines, chosen)
  local count = #lines
  if count <= MOST_LINES then return table.concat(lines) end
  return table.concat(lines, "", 1, MOST_LINES) .. format(TEXTS[chosen.lang].more, count - MOST_LINES)
end

-- Two lines for every connection.
function windows.connections_text(run, chosen)
  local lines, lang = { preamble(chosen), TEXTS[chosen.lang].head }, chosen.lang
  if run == nil or answers.count(run) == 0 then return TEXTS[lang].none end
  each_connection(run, function(number, summary)
    local outcome = summary.outcome
    local client, server = tree.endpoints(summary)
    local form = lang == "zh" and "%4d  %s → %s%s\n      %s，%s：%s，%d–%d（%d）\n" or
      "%4d  %s → %s%s\n      %s, %s: %s, %d–%d (%d)\n"
    lines[#lines + 1] = format(form, number, client, server, outcome.client_certain and "" or " ?",
      words.handshake(outcome.handshake, lang), words.teardown(outcome.teardown, lang),
      words.verdict(outcome.verdict, lang), summary.first_frame, summary.last_frame, summary.segments)
  end)
  return bounded(lines, chosen)
end

-- Every finding that the preferences show, by connection.
function windows.findings_text(run, chosen)
  if run == nil or answers.count(run) == 0 then return TEXTS[chosen.lang].none end
  local lines = { preamble(chosen) }
  each_connection(run, function(number, summary)
    for _, finding in ipairs(summary.findings) do
      local line = finding_line(chosen, { finding = finding, client = summary.outcome.client })
      if line then lines[#lines + 1] = format("#%d  %s %d  %s\n", finding.frame, "·", number, line) end
    end
  end)
  if #lines == 1 then return lines[1] .. TEXTS[chosen.lang].quiet end
  return bounded(lines, chosen)
end

-- The ladder that was drawn, below the line of its connection.
function windows.ladder_text(drawing, chosen)
  local client, server = tree.endpoints(answers.summary(drawing.run, drawing.number))
  return format("%s %d  %s → %s\n\n", chosen.lang == "zh" and "连接" or "connection", drawing.number, client, server) ..
    ladder.text(drawing, chosen.lang, function(found) return finding_line(chosen, found) end)
end

-- The page of a rule, or a list of rules: of a group, of the codes that begin so, of all.
function windows.rules_text(word, lang)
  local small = (word or ""):lower():match("^%s*(.-)%s*$")
  local rule = catalogue.by_name[small] or catalogue.by_code[small:upper()]
  if rule then return rule.page[lang] end
  local lines = {}
  for _, group in ipairs(catalogue.groups) do
    local head = group.title[lang] .. "\n"
    for _, each in ipairs(catalogue.rules) do
      if each.group == group.name and (small == "" or small == group.name or each.code:lower():find(small, 1, true) == 1) then
        lines[#lines + 1] = head .. format("  %s  %s  %s\n", each.code, ladder.pad(each.name, 36), each.title[lang])
        head = ""
      end
    end
  end
  if #lines == 0 then return format(TEXTS[lang].no_rule, word) end
  return table.concat(lines)
end

local function show(title, text)
  local window = TextWindow.new("tcplint: " .. title)
  window:set(text)
  return window
end

local function filter(text)
  set_filter(text)
  apply_filter()
end

local function ask_filter(said)
  new_dialog("tcplint", function(text)
    local number = tonumber(text)
    if number then filter(format("tcplint.connection == %d", number)) end
  end, said.ask_connection)
end

local function add_filters(window, said)
  window:add_button(said.filter, function() ask_filter(said) end)
  window:add_button(said.violations, function() filter('tcplint.verdict in {"violates", "warns"}') end)
  window:add_button(said.all, function() filter("") end)
end

local function show_rules(lang, word)
  local said = TEXTS[lang]
  local window = show(said.rules, windows.rules_text(word, lang))
  window:add_button(said.rule, function()
    new_dialog("tcplint", function(text) show_rules(lang, text) end, said.ask_rule)
  end)
end

local function save(state, path)
  local said = TEXTS[state.chosen().lang]
  local file, problem = io.open(path, "w")
  if file then
    local text = windows.connections_text(state.run(), state.chosen()) .. "\n" ..
      windows.findings_text(state.run(), state.chosen())
    local written, reason = file:write(text)
    local closed, later = file:close()
    problem = (written and closed) and nil or (reason or later)
  end
  show(said.save, problem and said.failed .. problem .. "\n" or said.written .. path .. "\n")
end

-- Put the menus in place. state: run(), chosen() and draw_ladder(), a drawing of the connection of the selected frame.
-- Menus are registered when the plugin is loaded, before there are preferences, so they have both languages.
function windows.declare(state)
  local function said() return TEXTS[state.chosen().lang] end
  local function entry(name, action)
    register_menu(format("tcplint/%s  %s", TEXTS.en[name], TEXTS.zh[name]), action, MENU_TOOLS_UNSORTED)
  end
  entry("connections", function()
    add_filters(show(said().connections, windows.connections_text(state.run(), state.chosen())), said())
  end)
  entry("findings", function()
    add_filters(show(said().findings, windows.findings_text(state.run(), state.chosen())), said())
  end)
  entry("ladder", function()
    local drawing = state.draw_ladder()
    local text = drawing and windows.ladder_text(drawing, state.chosen()) or said().unselected
    local window = show(said().ladder, text)
    window:add_button(said().copy, function() copy_to_clipboard(text) end)
    if drawing then
      window:add_button(said().filter, function() filter(format("tcplint.connection == %d", drawing.number)) end)
    end
  end)
  entry("rules", function() show_rules(state.chosen().lang, "") end)
  entry("save", function()
    new_dialog("tcplint", function(path) if path ~= "" then save(state, path) end end, said().ask_file)
  end)
end

return windows
