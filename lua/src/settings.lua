-- The preferences of tcplint in Wireshark (Edit > Preferences > Protocols > TCPLINT), and what they come to.
-- Arguments of this chunk: catalogue, words. Wireshark is called by declare() alone.

local catalogue, words = ...
local settings = {}

local LANGUAGES = { "en", "zh" }
local LEVELS = { "note", "warning", "error" } -- a finding below the chosen one is not shown
local INCONCLUSIVE = 1 -- verdict of core.model

-- Give the protocol its preferences.
function settings.declare(proto)
  local Pref, prefs = Pref, proto.prefs
  prefs.language = Pref.enum("Language / 语言", 1, "Language of tree, expert infos and windows",
    { { 1, "English", 1 }, { 2, "中文", 2 } }, true)
  prefs.least = Pref.enum("Least severity", 1, "Findings below it are not shown",
    { { 1, "note", 1 }, { 2, "warning", 2 }, { 3, "error", 3 } }, false)
  prefs.inconclusive = Pref.bool("Show what cannot be decided", true,
    "Findings for which the capture lacks evidence; they say what is missing")
  prefs.select = Pref.string("Select", "", "Show these rules only: names, codes, groups or beginnings of codes (TD)")
  prefs.ignore = Pref.string("Ignore", "", "Never show these rules")
  prefs.tag = Pref.bool("Mark in the Info column", false, "Append the codes of the findings to the Info column")
  prefs.checksums = Pref.bool("Verify all TCP checksums", false,
    "Otherwise only those of segments that look damaged are verified")
end

-- The rules that a selector names: a table by code; nil when nothing is called so.
local function selected(word)
  local found
  local small = word:lower()
  for _, rule in ipairs(catalogue.rules) do
    if small == "all" or small == rule.group or small == rule.name or rule.code:lower():sub(1, #small) == small then
      found = found or {}
      found[rule.code] = true
    end
  end
  return found
end

-- Adds the rules of a list of selectors to `codes`, and what is no selector to `unknown`.
local function add_selected(codes, unknown, text)
  for word in (text or ""):gmatch("[^%s,;]+") do
    local found = selected(word)
    if found then
      for code in pairs(found) do codes[code] = true end
    else
      unknown[#unknown + 1] = word
    end
  end
end

-- What the values of the preferences come to.
function settings.resolve(prefs)
  local resolved = { lang = LANGUAGES[prefs.language] or "en", least = prefs.least, tag = prefs.tag,
    inconclusive = prefs.inconclusive, checksums = prefs.checksums, unknown = {}, selected = nil, ignored = {} }
  if (prefs.select or ""):find("[^%s,;]") then
    resolved.selected = {}
    add_selected(resolved.selected, resolved.unknown, prefs.select)
  end
  add_selected(resolved.ignored, resolved.unknown, prefs.ignore)
  return resolved
end

local rank = {}
for index, level in ipairs(LEVELS) do rank[level] = index end

-- Whether a finding (core.model.Finding) is to be shown.
function settings.shows(resolved, finding)
  if resolved.ignored[finding.code] or (resolved.selected and not resolved.selected[finding.code]) then return false end
  if finding.verdict == INCONCLUSIVE and not resolved.inconclusive then return false end
  return rank[words.severity_of(finding) or "note"] >= resolved.least
end

return settings
