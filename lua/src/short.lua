-- The common frames, read at one stroke: Ethernet, IPv4 without options, TCP as an ordinary sender makes it. Where such a
-- frame is the next one of a quiet connection, it is taken as bare numbers (core/calm, calm_open), and no table is made on
-- the way from its octets to its row. Whatever is not exactly of this kind is left to core/wire and Engine.observe, which
-- would say the same of every frame that is read here; tests/wireshark/ compares them. (In Python segments/straight.py
-- and segments/sieve.py do this.)
--
-- The engine remembers what tells copies of a segment (core/seen). Of a frame that was taken here it is given a
-- number only, and the octets are kept; what it wants to know is made of them when it examines a segment with the same
-- number and checksum.
--
-- core is the argument of this chunk.

local core = ...
local short = {}

local Engine, calm, model, options = core.Engine, core.calm, core.model, core.options
local decode, number_link, is_partial = core.wire.decode, core.decoder.number_link, core.tcp.is_partial
local pass_by, pass_close, mark_of, seen_of = calm.pass_by, calm.pass_close, core.seen.mark_of, core.seen.seen_of
local complete_opening = core.calm_open.complete_opening
local PLAIN_ACK, PUSHED, CLOCK_JUMP = calm.PLAIN_ACK, calm.PUSHED, core.engine.CLOCK_JUMP
local byte, sub, floor, setmetatable, type = string.byte, string.sub, math.floor, setmetatable, type

local ETHERNET = 1
local BARE, STAMPED = 80, 128 -- what the octet of the header length is for 20 and for 32 octets
local SLOTS = 2 * core.duplicate.GENERATION -- frames whose octets are kept
local LAST = 54 -- octet of a TCP header without options
short.LOOK = 114 -- octets of a frame that are looked at: to the end of the longest header

-- Control bits as an ordinary sender sets them.
short.USUAL = {}
for _, flags in ipairs({ 0x02, 0x12, 0x10, 0x18, 0x11, 0x19, 0x04, 0x14 }) do short.USUAL[flags] = true end
local USUAL = short.USUAL
local CLOSING = { [PLAIN_ACK] = true, [calm.LAST] = true, [calm.LAST_PUSHED] = true }

-- What the segments of a header say themselves, all others have from a table behind them.
local function defaults(header, no_options)
  local usual = model.Segment(0, 0, "", 0, 0, 0, 0, 0)
  usual.urgent, usual.options = 0, no_options
  usual.header_stated, usual.header_captured = header, header
  return { __index = usual }
end

-- The options of a header other than "two NOPs, timestamps": those of a Linux SYN by their places, any others by
-- core/options. nil when the header was not captured whole, or may be damaged.
local function read_options(segment, octets, header, flags)
  local kind1, size1, mss1, mss2, kind2, size2, kind3, size3, val1, val2, val3, val4, ecr1, ecr2, ecr3, ecr4, nop, kind4,
    size4, shift = byte(octets, LAST + 1, LAST + 20)
  if header == 40 and kind1 == 2 and size1 == 4 and kind2 == 4 and size2 == 2 and kind3 == 8 and size3 == 10 and
      nop == 1 and kind4 == 3 and size4 == 3 and shift and shift <= options.LARGEST_SHIFT and flags % 4 >= 2 then
    local found = model.Options()
    found.mss, found.sackok, found.wscale = mss1 * 256 + mss2, true, shift
    segment.tsval = ((val1 * 256 + val2) * 256 + val3) * 256 + val4
    segment.tsecr = ((ecr1 * 256 + ecr2) * 256 + ecr3) * 256 + ecr4
    return found
  end
  local stop = LAST - 20 + header
  if #octets < stop then return nil end
  local found = options.read_options(segment, octets, LAST, stop, stop)
  return not options.is_suspect(found, flags) and found or nil
end

-- The reader of one capture (a run of analysis.lua); row_of, connection_unit, calm_data, calm_ack: what rows are made of;
-- exact_time: frames.time. It gives true for a frame that was taken, a segment that remains to be observed, or nil for a
-- frame of another kind. octets: the first 114, or all of a shorter frame.
function short.new(run, row_of, connection_unit, calm_data, calm_ack, exact_time)
  local engine, rows, decoder = run.engine, run.rows, run.reader.decoder
  local calm_step, recent, chains, links = engine.calm_step, engine.recent, engine.chains, decoder.links
  local bare, stamped = defaults(20, decoder.no_options), defaults(32, decoder.no_options)
  local kept = 0 -- frames taken so far; by the remainder of that, the last of them:
  local octets_of, number_of, time_of = {}, {}, {}

  local function read(octets, number, seconds, packet)
    local type1, type2, version, tos, total1, total2, id1, id2, part1, part2, ttl, protocol = byte(octets, 13, 24)
    if protocol ~= 6 or type1 ~= 8 or version ~= 69 or type2 ~= 0 or part2 ~= 0 then return nil end
    if part1 ~= 64 and part1 % 64 ~= 0 then return nil end -- a fragment
    local seq1, seq2, seq3, seq4, ack1, ack2, ack3, ack4, words, flags, window1, window2, sum1, sum2, urgent1, urgent2,
      nop1, nop2, kind, size, val1, val2, val3, val4, ecr1, ecr2, ecr3, ecr4 = byte(octets, 39, 66)
    if not USUAL[flags] or urgent2 ~= 0 or urgent1 ~= 0 then return nil end
    local tcp_length, header, tsval = total1 * 256 + total2 - 20, 20, -1
    if words == STAMPED and kind == 8 and size == 10 and nop1 == 1 and nop2 == 1 and ecr4 then
      header, tsval = 32, ((val1 * 256 + val2) * 256 + val3) * 256 + val4
    elseif words ~= BARE then
      header = floor(words / 4)
      if words % 16 ~= 0 or header < 20 then return nil end
    end
    local length = tcp_length - header
    if length <= 6 and length ~= 0 then return nil end -- link padding needs a look

    local exact = seconds * 1e6 + 0.5
    local time = floor(exact)
    local rest = exact - time
    if not (rest > 0.001 and rest < 0.999 and seconds > 0) then time = exact_time(packet, seconds, engine.clock) end

    local key, checksum = sub(octets, 27, 38), sum1 * 256 + sum2
    local addresses, link = decoder.sums[key], links[sub(octets, 1, 12)]
    if addresses == nil or link == nil then
      if not packet:is_segment_of(key) or is_partial(decoder, key, tcp_length, checksum) then return nil end
      link = number_link(decoder, sub(octets, 1, 12))
    elseif (addresses + tcp_length - checksum) % 65535 == 0 then
      return nil
    end
    local seq = ((seq1 * 256 + seq2) * 256 + seq3) * 256 + seq4
    local ack, window = ((ack1 * 256 + ack2) * 256 + ack3) * 256 + ack4, window1 * 256 + window2
    local other = header ~= 20 and tsval < 0 -- options

    local chain, clock, passed = chains[key], engine.clock, false
    local connection = chain and chain.current
    local expected = connection and (connection.orderly or chain.fresh) and not other
    if expected and time >= clock and time - clock <= CLOCK_JUMP then
      local mark = seq * 65536 + checksum + 1
      if connection.calm and (flags == PLAIN_ACK or flags == PUSHED) then
        passed = pass_by(engine, chain, connection, number, time, key, flags, seq, ack, length, window, tsval, mark,
          kept + 1)
        if passed then
          local base = calm_step.name == "data" and calm_data or calm_ack
          rows[number] = calm_step.connection * connection_unit + base[calm_step.side]
        end
      elseif length == 0 and connection.orderly and CLOSING[flags] then
        passed = pass_close(engine, chain, connection, number, time, key, flags, seq, ack, window, tsval, mark, kept + 1)
        if passed then rows[number] = row_of(engine.step) end
      elseif length == 0 and chain.fresh and flags == PLAIN_ACK then
        local tsecr = header == 32 and ((ecr1 * 256 + ecr2) * 256 + ecr3) * 256 + ecr4 or -1
        passed = complete_opening(engine, chain, connection, number, time, key, seq, ack, window, ttl, tsval, tsecr, mark,
          kept + 1)
        if passed then
          rows[number] = row_of(engine.step)
          if #engine.step.findings > 0 then run.fresh = engine.step.findings end
        end
      end
    end
    if passed then
      engine.clock = time
      if time > engine.now then engine.now = time end
      kept = kept + 1
      local slot = kept % SLOTS
      octets_of[slot], number_of[slot], time_of[slot] = octets, number, time
      return true
    end

    local segment = setmetatable({ frame = number, time = time, key = key, ip_id = id1 * 256 + id2, hop_limit = ttl,
      link = link, seq = seq, ack = ack, flags = flags, window = window, checksum = checksum, length = length,
      tsval = tsval, tsecr = -1 }, header == 32 and stamped or bare)
    if tos % 4 ~= 0 then segment.ecn = tos % 4 end
    if other then
      local found = read_options(segment, octets, header, flags)
      if found == nil then return nil end
      segment.header_stated, segment.header_captured, segment.odd, segment.options = header, header, true, found
    elseif header == 32 then
      segment.tsecr = ((ecr1 * 256 + ecr2) * 256 + ecr3) * 256 + ecr4
    end
    return segment
  end

  -- What the engine remembers under a mark, if it is a number.
  local function recall(generation, mark)
    if type(generation[mark]) ~= "number" then return end
    local slot = generation[mark] % SLOTS
    local octets = octets_of[slot]
    decode(decoder, octets, ETHERNET, number_of[slot], time_of[slot], 0, #octets, #octets)
    generation[mark] = seen_of(decoder.segment)
  end

  function engine.recall(segment)
    local mark = mark_of(segment)
    recall(recent.young, mark)
    recall(recent.old, mark)
  end

  return read
end

-- The engine asks for copies when it examines a segment.
local examine = Engine.examine
function Engine.examine(engine, segment, chain)
  if engine.recall then engine.recall(segment) end
  return examine(engine, segment, chain)
end

return short
