-- The modules of the plugin that do not call Wireshark, fed with frames that Python read. Arguments: analysis, answers,
-- settings, ladder, windows.

local analysis, answers, settings, ladder, windows = ...
local driver = {}

-- What the shell asks of Wireshark, for frames whose link type is known beforehand.
local packet = {}
function packet:has_time() return true end
function packet:is_tcp() return false end
function packet:is_segment_of() return true end
function packet:octets_at(offset, length)
  return offset + length <= #self.octets and self.octets:sub(offset + 1, offset + length) or nil
end

function driver.new(link_type)
  local run = analysis.new(false)
  run.reader.link_type = link_type
  return run
end

function driver.frame(run, octets, number, seconds, captured, original)
  packet.octets = octets
  if not analysis.common_frame(run, packet, octets, number, seconds) then
    analysis.frame(run, packet, octets, number, seconds, captured, original)
  end
end

function driver.settings(language, select, ignore)
  return settings.resolve({ language = language, least = 1, inconclusive = true, select = select, ignore = ignore,
    tag = false, checksums = false })
end

function driver.texts(run, chosen, word)
  return windows.connections_text(run, chosen), windows.findings_text(run, chosen), windows.rules_text(word, chosen.lang)
end

function driver.ladder(run, number)
  return ladder.new(run, number)
end

function driver.rung(drawing, octets, number, time, captured, original)
  ladder.add(drawing, octets, number, time, captured, original)
end

function driver.drawn(drawing, chosen)
  return windows.ladder_text(drawing, chosen)
end

function driver.summaries(run)
  local known = 0
  for number = 0, answers.count(run) - 1 do
    if answers.summary(run, number) then known = known + 1 end
  end
  return known
end

return driver
