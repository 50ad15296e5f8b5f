-- The judging part of tcplint: octets of frames in, findings out. Lua 5.2, 5.3, 5.4; no input, no output, no globals.
-- Made by tools/build_lua.py from dissect/tcplint/core/: do not edit. Every function names its source.
--
-- What a file of core/ defines is in the table of that name: core.wire.decode, core.model.Settings, core.skips.QUOTE.
-- A class is a function that makes a table with all its fields; nil stands for None, lists count from 1, octets are a
-- string. Frames count from 1, connections from 0; times are whole microseconds and must be integers in Lua 5.4.
--
--   local decoder = core.decoder.Decoder()
--   local settings = core.model.Settings()        -- .severity = catalogue.severity, limits: see core.model.Settings
--   local engine = core.Engine.new(settings)
--   local code = core.wire.decode(decoder, octets, link_type, frame, time, interface, captured, original)
--   if code == core.skips.SEGMENT then
--     local step = core.Engine.observe(engine, decoder.segment)   -- core.model.Step, filled anew at the next call
--   elseif code == core.skips.QUOTE then
--     core.Engine.observe_quote(engine, decoder.quote)
--   else                                                          -- core.skips.skip_name(code): why it holds no TCP
--     core.Engine.tick(engine, time)
--   end
--   core.Engine.retired(engine)                    -- connections that can change no more, since the last call
--   core.Engine.conclude(engine, connection, time) -- core.model.Conclusion; changes nothing
--   core.Engine.take(engine)                       -- at the end: the next open connection, nil when there is none

local byte, sub, floor, min, ipairs = string.byte, string.sub, math.floor, math.min, ipairs

-- Bits that two numbers share. The operator of 5.3 is a syntax error in 5.2, whose library 5.4 has no more.
local operator = load("return function(a, b) return a & b end")
local band = operator and operator() or (bit32 or bit).band

-- The number that the octets from first to last make, network byte order.
local function unsigned(data, first, last)
  if last - first == 3 then
    local a, b, c, d = byte(data, first, last)
    if d then return ((a * 256 + b) * 256 + c) * 256 + d end
  end
  local number = 0
  for position = first, min(last, #data) do number = number * 256 + byte(data, position) end
  return number
end

local Engine = {}
local core = { Engine = Engine }
core.rules = {}

-- core/aggregate.py: What needs more than one connection: initial numbers by host, directions by pair of hosts, waiting
-- handshakes.
do
  local MOST_NUMBERS = 8192
  local MOST_HOSTS = 4096
  local MOST_PAIRS = 16384
  local MOST_SERVERS = 4096

  -- core/aggregate.py:19: The tables of one capture.
  local function Aggregates()
    return {
      numbers = {},
      number_count = 0,
      hosts = {},
      host_count = 0,
      pairs = {},
      pair_count = 0,
      unseen = false,
      waiting = {},
      waiting_count = 0,
    }
  end

  -- core/aggregate.py:34: An initial number that a host used, and where.
  local function Origin(host, key, answer, connection, before)
    return {
      host = host,
      key = key,
      answer = answer,
      others = nil,
      count = 1,
      connection = connection,
      before = before,
    }
  end

  -- core/aggregate.py:47: Where else an initial number was used: the keys of other pairs, and the numbers of the other
  -- ends there.
  local function Others()
    return {
      keys = {},
      answers = {},
    }
  end

  -- core/aggregate.py:55: The first initial numbers of a host, each of another pair, in the order of their SYNs.
  local function Samples(key, number, time)
    return {
      keys = {key},
      numbers = {number},
      times = {time},
    }
  end

  -- core/aggregate.py:64: Two hosts: which of them was heard, and which made progress while the other was not.
  local function HostPair(key)
    return {
      key = key,
      heard0 = false,
      heard1 = false,
      progress0 = -1,
      progress1 = -1,
    }
  end

  -- core/aggregate.py:75: Handshakes at a server whose SYN-ACK was repeated and not acknowledged, within the last one
  -- or two HOLD.
  local function Waiting()
    return {
      count = 0,
      before = 0,
      since = 0,
      said = 0,
    }
  end

  -- core/aggregate.py:82: Address of end 0 or end 1 in the key of a connection.
  local function host_of(key, side)
    local size = floor((#key - 4) / 2)
    if side == 0 then return sub(key, 1, size) end
    return sub(key, size + 1, 2 * size)
  end

  -- core/aggregate.py:90: Both addresses, in the order of the key.
  local function hosts_of(key)
    return sub(key, 1, #key - 4)
  end

  core.aggregate = { MOST_NUMBERS = MOST_NUMBERS, MOST_HOSTS = MOST_HOSTS, MOST_PAIRS = MOST_PAIRS,
      MOST_SERVERS = MOST_SERVERS, Aggregates = Aggregates, Origin = Origin, Others = Others, Samples = Samples,
      HostPair = HostPair, Waiting = Waiting, host_of = host_of, hosts_of = hosts_of }
end

-- core/sequence.py: Sequence numbers on the 32-bit circle, unwrapped to plain integers (RFC 9293 §3.4).
do
  local MODULUS = 4294967296
  local HALF = 2147483648
  local LIFT = 6442450944
  local FAR = 16777216

  -- core/sequence.py:19: The unwrapped number of `raw` (0 … 2^32-1) nearest to `reference`.
  local function unwrap(reference, raw)
    return reference + (raw - reference % MODULUS + LIFT) % MODULUS - HALF
  end

  -- core/sequence.py:24: Signed distance from b to a, both raw, in [-2^31, 2^31).
  local function difference(a, b)
    return (a - b + LIFT) % MODULUS - HALF
  end

  -- core/sequence.py:29: low <= number <= high.
  local function between(low, number, high)
    return low <= number and number <= high
  end

  -- core/sequence.py:34: The number without its sign.
  local function size(number)
    if number < 0 then return -number end
    return number
  end

  -- core/sequence.py:41: The larger of two numbers.
  local function larger(a, b)
    if a > b then return a end
    return b
  end

  -- core/sequence.py:48: The smaller of two numbers.
  local function smaller(a, b)
    if a < b then return a end
    return b
  end

  core.sequence = { MODULUS = MODULUS, HALF = HALF, LIFT = LIFT, FAR = FAR, unwrap = unwrap, difference = difference,
      between = between, size = size, larger = larger, smaller = smaller }
end

-- core/model.py: What travels through the core: segments in, findings out.
do
  local FIN = 0x001
  local SYN = 0x002
  local RST = 0x004
  local PSH = 0x008
  local ACK = 0x010
  local URG = 0x020
  local ECE = 0x040
  local CWR = 0x080
  local AE = 0x100
  local RESERVED = 0xE00
  local CHECKSUM_UNKNOWN = 0
  local CHECKSUM_GOOD = 1
  local CHECKSUM_BAD = 2
  local CHECKSUM_PARTIAL = 3
  local OPTIONS_SOUND = 0
  local OPTIONS_SHORT_LENGTH = 1
  local OPTIONS_PAST_HEADER = 2
  local OPTIONS_AFTER_END = 3
  local UNKNOWN = 0
  local LISTEN = 1
  local SYN_SENT = 2
  local SYN_RECEIVED = 3
  local ESTABLISHED = 4
  local FIN_WAIT_1 = 5
  local FIN_WAIT_2 = 6
  local CLOSE_WAIT = 7
  local LAST_ACK = 8
  local CLOSING = 9
  local TIME_WAIT = 10
  local CLOSED = 11
  local OBSERVED = 0
  local INCONCLUSIVE = 1
  local VIOLATES = 2
  local HIDDEN = -1
  local NOTE = 0
  local WARNING = 1
  local ERROR = 2
  local OTHER = 0
  local HANDSHAKE = 1
  local TEARDOWN = 2
  local SIDE_UNKNOWN = -1

  -- core/model.py:71: The options of one TCP header, except the timestamps, which nearly every segment has (they are in
  -- Segment).
  local function Options()
    return {
      mss = -1,
      wscale = -1,
      sackok = false,
      sack = {},
      tfo = -1,
      mptcp = -1,
      md5 = false,
      ao = false,
      unknown = {},
      experiment = -1,
      malformed = OPTIONS_SOUND,
      wrong_length = -1,
      duplicate = -1,
      complete = true,
    }
  end

  -- core/model.py:94: One TCP segment as captured; the innermost TCP header of its frame.
  local function Segment(frame, time, key, ip_id, hop_limit, ecn, link, interface)
    return {
      frame = frame,
      time = time,
      key = key,
      ip_id = ip_id,
      hop_limit = hop_limit,
      ecn = ecn,
      link = link,
      interface = interface,
      seq = -1,
      ack = -1,
      flags = 0,
      window = -1,
      urgent = -1,
      length = 0,
      length_known = true,
      offload = false,
      padding = false,
      header_stated = 20,
      header_captured = 20,
      header_valid = true,
      truncated = false,
      tsval = -1,
      tsecr = -1,
      options = nil,
      checksum = -1,
      checksum_state = CHECKSUM_UNKNOWN,
      odd = false,
    }
  end

  -- core/model.py:127: A TCP segment quoted inside an ICMP error: evidence for its connection, never a segment of it.
  local function Quote(frame, time, key)
    return {
      frame = frame,
      time = time,
      key = key,
      seq = -1,
      version = 4,
      type = -1,
      code = -1,
      hop_limit = -1,
    }
  end

  -- core/model.py:144: One answer of one rule about one side of one connection.
  local function Finding(code, kind, verdict, side, frame)
    return {
      code = code,
      kind = kind,
      verdict = verdict,
      why = "",
      side = side,
      frame = frame,
      related = {},
      n1 = -1,
      n2 = -1,
      n3 = -1,
      count = 1,
      last_frame = frame,
      phase = OTHER,
    }
  end

  -- core/model.py:163: What a run may change. Limits are counts; reaching one is reported, never silent.
  local function Settings()
    return {
      severity = {},
      hides = false,
      max_connections = 50000,
      max_lone_syns = 2000000,
      max_findings = 200,
      outside_words = false,
    }
  end

  -- core/model.py:180: What the line of one frame shows. The engine keeps one Step and fills it anew for each segment.
  local function Step()
    return {
      connection = -1,
      side = 0,
      name = "",
      again = false,
      state0 = UNKNOWN,
      state1 = UNKNOWN,
      seq = -1,
      ack = -1,
      findings = {},
    }
  end

  -- core/model.py:195: All that is to be said of one connection at a given time. Words are those of the rules'
  -- specification §2.
  local function Conclusion()
    return {
      number = 0,
      key = nil,
      client = 0,
      client_certain = true,
      first_frame = 0,
      last_frame = 0,
      segments = 0,
      handshake = "",
      handshake_verdict = "",
      teardown = "",
      teardown_verdict = "",
      verdict = "",
      active_closer = SIDE_UNKNOWN,
      state0 = UNKNOWN,
      state1 = UNKNOWN,
      evidence = {},
      completeness = 0,
      zeek_state = "",
      zeek_history = {},
      conntrack = "",
      retry_of = -1,
      reuse_of = -1,
      findings = {},
    }
  end

  core.model = { FIN = FIN, SYN = SYN, RST = RST, PSH = PSH, ACK = ACK, URG = URG, ECE = ECE, CWR = CWR, AE = AE,
      RESERVED = RESERVED, CHECKSUM_UNKNOWN = CHECKSUM_UNKNOWN, CHECKSUM_GOOD = CHECKSUM_GOOD,
      CHECKSUM_BAD = CHECKSUM_BAD, CHECKSUM_PARTIAL = CHECKSUM_PARTIAL, OPTIONS_SOUND = OPTIONS_SOUND,
      OPTIONS_SHORT_LENGTH = OPTIONS_SHORT_LENGTH, OPTIONS_PAST_HEADER = OPTIONS_PAST_HEADER,
      OPTIONS_AFTER_END = OPTIONS_AFTER_END, UNKNOWN = UNKNOWN, LISTEN = LISTEN, SYN_SENT = SYN_SENT,
      SYN_RECEIVED = SYN_RECEIVED, ESTABLISHED = ESTABLISHED, FIN_WAIT_1 = FIN_WAIT_1, FIN_WAIT_2 = FIN_WAIT_2,
      CLOSE_WAIT = CLOSE_WAIT, LAST_ACK = LAST_ACK, CLOSING = CLOSING, TIME_WAIT = TIME_WAIT, CLOSED = CLOSED,
      OBSERVED = OBSERVED, INCONCLUSIVE = INCONCLUSIVE, VIOLATES = VIOLATES, HIDDEN = HIDDEN, NOTE = NOTE,
      WARNING = WARNING, ERROR = ERROR, OTHER = OTHER, HANDSHAKE = HANDSHAKE, TEARDOWN = TEARDOWN,
      SIDE_UNKNOWN = SIDE_UNKNOWN, Options = Options, Segment = Segment, Quote = Quote, Finding = Finding,
      Settings = Settings, Step = Step, Conclusion = Conclusion }
end

-- core/census.py: What is remembered from one connection to the next, for rules about a whole capture.
do
  local MOST_KNOWN = 4096

  -- core/census.py:14: Counts and tables over all connections of a capture.
  local function Census()
    return {
      full_answers = {},
      answers = {},
      ack_probes = {},
      fin_probes = {},
      full_count = 0,
      answer_count = 0,
      probe_count = 0,
      plain_seen = false,
      closes = 0,
      holed = 0,
    }
  end

  -- core/census.py:30: Single segments of one address, each on a pair of its own.
  local function Probe()
    return {
      connections = 1,
    }
  end

  -- core/census.py:37: A SYN-ACK, to be recognised when the same packet is captured elsewhere under another address.
  local function Answer(segment, connection)
    return {
      key = segment.key,
      ack = segment.ack,
      tsval = segment.tsval,
      ip_id = segment.ip_id,
      time = segment.time,
      frame = segment.frame,
      connection = connection,
    }
  end

  -- core/census.py:47: The sender's address in a connection key.
  local function source_of(key)
    if #key == 12 then return sub(key, 1, 4) end
    return sub(key, 1, 16)
  end

  -- core/census.py:54: The receiver's address in a connection key.
  local function target_of(key)
    if #key == 12 then return sub(key, 5, 8) end
    return sub(key, 17, 32)
  end

  -- core/census.py:61: Whether the capture holds anything but SYN, FIN and RST, and how many connections begin to
  -- close.
  local function count_plain(census, arrival)
    if not arrival.syn and not arrival.fin and not arrival.rst then
      census.plain_seen = true
    elseif arrival.connection.calm then
      census.plain_seen = true
    elseif arrival.fin and arrival.own.closing.copies == 1 and arrival.peer.closing.fin < 0 then
      census.closes = census.closes + 1
    end
  end

  -- core/census.py:71: One more connection that was a single ACK or FIN of the receiver of this RST.
  local function count_probe(census, key, fin)
    local source = target_of(key)
    if census.probe_count >= MOST_KNOWN then
      census.ack_probes = {}
      census.fin_probes = {}
      census.probe_count = 0
    end
    local probes = census.ack_probes
    if fin then probes = census.fin_probes end
    local probe = probes[source]
    if probe == nil then
      probes[source] = Probe()
      census.probe_count = census.probe_count + 1
    else
      probe.connections = probe.connections + 1
    end
  end

  -- core/census.py:89: Remember a SYN-ACK by its number.
  local function know_answer(census, segment, connection)
    if census.answer_count >= MOST_KNOWN then
      census.answers = {}
      census.answer_count = 0
    end
    census.answer_count = census.answer_count + 1
    census.answers[segment.seq] = Answer(segment, connection)
  end

  -- core/census.py:98: Remember a server that has answered with more than the MSS.
  local function know_full_answer(census, server, frame)
    if census.full_answers[server] ~= nil then return end
    if census.full_count >= MOST_KNOWN then
      census.full_answers = {}
      census.full_count = 0
    end
    census.full_count = census.full_count + 1
    census.full_answers[server] = frame
  end

  core.census = { MOST_KNOWN = MOST_KNOWN, Census = Census, Probe = Probe, Answer = Answer, source_of = source_of,
      target_of = target_of, count_plain = count_plain, count_probe = count_probe, know_answer = know_answer,
      know_full_answer = know_full_answer }
end

-- core/completeness.py: Wireshark's `tcp.completeness`, for readers who join our report with its columns.
do

  -- core/completeness.py:4: An ACK without payload: bit 4.
  local function mark_ack(connection)
    if band(connection.completeness, 4) == 0 then
      connection.completeness = connection.completeness + 4
    end
  end

  -- core/completeness.py:10: A FIN: bit 16.
  local function mark_fin(connection)
    if band(connection.completeness, 16) == 0 then
      connection.completeness = connection.completeness + 16
    end
  end

  -- core/completeness.py:16: The bits of Wireshark's tcp.completeness: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32.
  local function count_completeness(connection, arrival)
    local bits = connection.completeness
    if arrival.syn and arrival.has_ack then
      if band(bits, 2) == 0 then bits = bits + 2 end
    elseif arrival.syn then
      if band(bits, 1) == 0 then bits = bits + 1 end
    elseif arrival.has_ack and arrival.length == 0 and band(bits, 4) == 0 then
      bits = bits + 4
    end
    if arrival.length > 0 and band(bits, 8) == 0 then bits = bits + 8 end
    if arrival.fin and band(bits, 16) == 0 then bits = bits + 16 end
    if arrival.rst and band(bits, 32) == 0 then bits = bits + 32 end
    connection.completeness = bits
  end

  core.completeness = { mark_ack = mark_ack, mark_fin = mark_fin, count_completeness = count_completeness }
end

-- core/outside.py: What other programs would write about a connection: Zeek's conn_state and history, the state of
-- Linux conntrack.
do

  -- core/outside.py:13: The journal of one connection: three numbers an entry (core/tell), and what the entries before
  -- them came to.
  local function Outside()
    return {
      journal = {},
      tale = nil,
    }
  end

  -- core/outside.py:21: One end as Zeek keeps it. Numbers are raw; -1: none yet.
  local function Told()
    return {
      state = 0,
      before = 0,
      syn = -1,
      fin = -1,
      rst = -1,
      data = false,
      ack = false,
      inconsistent = false,
      mixed = false,
      damaged = 0,
      copies = 0,
      zero_windows = 0,
      gaps = 0,
    }
  end

  -- core/outside.py:40: One connection as Zeek and conntrack keep it.
  local function Tale(originator)
    return {
      history = {},
      originator = originator,
      ends = {Told(), Told()},
      tracked = 0,
      original = -1,
      last_kind = 0,
      last_side = -1,
      last_end = -1,
      answered = false,
      deleted = false,
      closed_first = false,
      challenge = false,
      crossed = false,
    }
  end

  -- core/outside.py:59: One entry of the journal, unpacked.
  local function Entry()
    return {
      side = 0,
      flags = 0,
      seq = 0,
      ack = 0,
      length = 0,
      zero_window = false,
      damaged = false,
      repeated = false,
      apart = false,
      aim = 0,
      gaps = 0,
    }
  end

  -- core/outside.py:73: Another one with the same values.
  local function copy_of_end(told)
    local copy = Told()
    copy.state = told.state
    copy.before = told.before
    copy.syn = told.syn
    copy.fin = told.fin
    copy.rst = told.rst
    copy.data = told.data
    copy.ack = told.ack
    copy.inconsistent = told.inconsistent
    copy.mixed = told.mixed
    copy.damaged = told.damaged
    copy.copies = told.copies
    copy.zero_windows = told.zero_windows
    copy.gaps = told.gaps
    return copy
  end

  -- core/outside.py:92: Another one with the same values.
  local function copy_of(tale)
    local copy = Tale(tale.originator)
    for _, letter in ipairs(tale.history) do
      copy.history[#copy.history + 1] = letter
    end
    copy.ends = {copy_of_end(tale.ends[1]), copy_of_end(tale.ends[2])}
    copy.tracked = tale.tracked
    copy.original = tale.original
    copy.last_kind = tale.last_kind
    copy.last_side = tale.last_side
    copy.last_end = tale.last_end
    copy.answered = tale.answered
    copy.deleted = tale.deleted
    copy.closed_first = tale.closed_first
    copy.challenge = tale.challenge
    copy.crossed = tale.crossed
    return copy
  end

  core.outside = { Outside = Outside, Told = Told, Tale = Tale, Entry = Entry, copy_of_end = copy_of_end,
      copy_of = copy_of }
end

-- core/fragments.py: Putting IP fragments together (RFC 791 §3.2, RFC 8200 §4.5), within bounds that no capture can
-- exceed.
do
  local KEPT = 512
  local MAX_WAITING = 64
  local MAX_PIECES = 128
  local PATIENCE = 30000000
  local MAX_DATAGRAM = 65535
  local WAITING = 0
  local COMPLETE = 1
  local SPOILED = 2

  -- core/fragments.py:28: One fragment: `data` is what was captured of it within the first 512 octets of the datagram.
  local function Piece(start, stop, data)
    return {
      start = start,
      stop = stop,
      data = data,
    }
  end

  -- core/fragments.py:37: The pieces of one datagram. Once COMPLETE, `data` is its beginning and `size` its length.
  local function Datagram(key, number, time)
    return {
      key = key,
      number = number,
      since = time,
      state = WAITING,
      pieces = {},
      octets = 0,
      size = -1,
      protocol = -1,
      clipped = false,
      data = nil,
    }
  end

  -- core/fragments.py:53: The datagrams that wait for fragments, oldest first, and what had to be given up (counts).
  local function FragmentTable()
    return {
      waiting = {},
      queue = {},
      oldest = 1,
      newest = 0,
      count = 0,
      overlaps = 0,
      evicted = 0,
    }
  end

  -- core/fragments.py:63: Take a datagram out of the table.
  local function forget(table, datagram)
    table.queue[datagram.number] = nil
    table.waiting[datagram.key] = nil
    table.count = table.count - 1
  end

  -- core/fragments.py:70: Drop the datagrams that waited too long, and the oldest one if the table is full.
  local function make_room(table, time)
    while table.oldest <= table.newest do
      local datagram = table.queue[table.oldest]
      if datagram ~= nil then
        if time - datagram.since <= PATIENCE then
          if table.count < MAX_WAITING then return end
          if datagram.state == WAITING then table.evicted = table.evicted + 1 end
        end
        forget(table, datagram)
      end
      table.oldest = table.oldest + 1
    end
  end

  -- core/fragments.py:84: Whether two runs of octets are equal.
  local function same(left, right)
    return left == right
  end

  -- core/fragments.py:89: Whether `data`, which begins at `start` of the datagram, equals the piece wherever both have
  -- octets.
  local function agree(piece, start, data)
    local low = piece.start
    if start > low then low = start end
    local high = piece.start + #piece.data
    if start + #data < high then high = start + #data end
    if low >= high then return true end
    local left = sub(piece.data, low - piece.start + 1, high - piece.start)
    local right = sub(data, low - start + 1, high - start)
    return same(left, right)
  end

  -- core/fragments.py:104: Give a datagram up. It stays in the table, so that what still comes of it is given up as
  -- well.
  local function spoil(datagram)
    datagram.state = SPOILED
    datagram.pieces = {}
  end

  -- core/fragments.py:110: Add a piece unless it is a copy. A piece that contradicts the others spoils the datagram.
  local function add_piece(table, datagram, start, stop, data)
    if datagram.size >= 0 and stop > datagram.size then
      table.overlaps = table.overlaps + 1
      spoil(datagram)
      return
    end
    for _, piece in ipairs(datagram.pieces) do
      if start < piece.stop and piece.start < stop then
        if not agree(piece, start, data) then
          table.overlaps = table.overlaps + 1
          spoil(datagram)
          return
        end
        if piece.start == start and piece.stop == stop and #piece.data >= #data then return end
      end
    end
    if #datagram.pieces >= MAX_PIECES then
      table.evicted = table.evicted + 1
      spoil(datagram)
      return
    end
    datagram.pieces[#datagram.pieces + 1] = Piece(start, stop, data)
    datagram.octets = datagram.octets + (stop - start)
  end

  -- core/fragments.py:132: The last fragment came: the datagram stops at `size`.
  local function set_size(table, datagram, size)
    if datagram.size >= 0 and datagram.size ~= size then
      table.overlaps = table.overlaps + 1
      spoil(datagram)
      return
    end
    datagram.size = size
    for _, piece in ipairs(datagram.pieces) do
      if piece.stop > size then
        table.overlaps = table.overlaps + 1
        spoil(datagram)
        return
      end
    end
  end

  -- core/fragments.py:146: Octets from the beginning of the datagram to its first gap.
  local function covered(datagram)
    local position = 0
    local moved = true
    while moved do
      moved = false
      for _, piece in ipairs(datagram.pieces) do
        if piece.start <= position and position < piece.stop then
          position = piece.stop
          moved = true
        end
      end
    end
    return position
  end

  -- core/fragments.py:159: What was captured of the first 512 octets of the datagram, up to the first gap.
  local function join(datagram, empty)
    local data = empty
    local moved = true
    while moved do
      moved = false
      for _, piece in ipairs(datagram.pieces) do
        local behind = #data - piece.start
        if behind >= 0 and behind < #piece.data then
          data = data .. sub(piece.data, behind + 1, #piece.data)
          moved = true
        end
      end
    end
    return data
  end

  -- core/fragments.py:173: Take in a fragment, octets `start` to `stop` of a datagram; the datagram it belongs to is
  -- returned.
  local function collect(table, key, protocol, start, stop, last, data, clipped, time)
    local datagram = table.waiting[key]
    if datagram ~= nil then
      if time - datagram.since > PATIENCE then
        forget(table, datagram)
        datagram = nil
      end
    end
    if datagram == nil then
      make_room(table, time)
      table.newest = table.newest + 1
      datagram = Datagram(key, table.newest, time)
      table.waiting[key] = datagram
      table.queue[datagram.number] = datagram
      table.count = table.count + 1
    end
    if datagram.state == SPOILED then return datagram end
    add_piece(table, datagram, start, stop, data)
    if last and datagram.state == WAITING then
      set_size(table, datagram, stop)
    end
    if datagram.state == SPOILED then return datagram end
    if start == 0 then datagram.protocol = protocol end
    if clipped then datagram.clipped = true end
    if datagram.size >= 0 and datagram.octets >= datagram.size then
      if covered(datagram) == datagram.size then
        datagram.state = COMPLETE
        datagram.data = join(datagram, sub(data, 1, 0))
        datagram.pieces = {}
        forget(table, datagram)
      end
    end
    return datagram
  end

  core.fragments = { KEPT = KEPT, MAX_WAITING = MAX_WAITING, MAX_PIECES = MAX_PIECES, PATIENCE = PATIENCE,
      MAX_DATAGRAM = MAX_DATAGRAM, WAITING = WAITING, COMPLETE = COMPLETE, SPOILED = SPOILED, Piece = Piece,
      Datagram = Datagram, FragmentTable = FragmentTable, forget = forget, make_room = make_room, same = same,
      agree = agree, spoil = spoil, add_piece = add_piece, set_size = set_size, covered = covered, join = join,
      collect = collect }
end

-- core/skips.py: What decoding one frame can lead to: a segment, a quotation, or a named reason why neither.
do
  local SEGMENT = 1
  local QUOTE = 2
  local NOT_IP = 10
  local UNKNOWN_LINK_TYPE = 11
  local UNKNOWN_PROTOCOL = 12
  local NOT_TCP = 13
  local AUTHENTICATED = 14
  local TRUNCATED = 15
  local TOO_DEEP = 16
  local MALFORMED = 17
  local FRAGMENT = 18
  local FRAGMENT_OVERLAP = 19
  local UNREADABLE_QUOTE = 20

  -- core/skips.py:34: The name under which a skip is counted; "" for SEGMENT and QUOTE, which are none.
  local function skip_name(code)
    if code == NOT_IP then return "not-ip" end
    if code == UNKNOWN_LINK_TYPE then return "unknown-link-type" end
    if code == UNKNOWN_PROTOCOL then return "unknown-protocol" end
    if code == NOT_TCP then return "not-tcp" end
    if code == AUTHENTICATED then return "authentication-header" end
    if code == TRUNCATED then return "truncated" end
    if code == TOO_DEEP then return "too-deep" end
    if code == MALFORMED then return "malformed" end
    if code == FRAGMENT then return "fragment" end
    if code == FRAGMENT_OVERLAP then return "fragment-overlap" end
    if code == UNREADABLE_QUOTE then return "unreadable-quote" end
    return ""
  end

  core.skips = { SEGMENT = SEGMENT, QUOTE = QUOTE, NOT_IP = NOT_IP, UNKNOWN_LINK_TYPE = UNKNOWN_LINK_TYPE,
      UNKNOWN_PROTOCOL = UNKNOWN_PROTOCOL, NOT_TCP = NOT_TCP, AUTHENTICATED = AUTHENTICATED, TRUNCATED = TRUNCATED,
      TOO_DEEP = TOO_DEEP, MALFORMED = MALFORMED, FRAGMENT = FRAGMENT, FRAGMENT_OVERLAP = FRAGMENT_OVERLAP,
      UNREADABLE_QUOTE = UNREADABLE_QUOTE, skip_name = skip_name }
end

-- core/seen.py: What is kept of a segment to recognise its copies: a list of thirteen values, found again by a number.
do
  local KEY = 0
  local FLAGS = 1
  local LENGTH = 2
  local ACKNOWLEDGED = 3
  local WINDOW_FIELD = 4
  local IDENTIFICATION = 5
  local TSVAL = 6
  local TSECR = 7
  local TIME = 8
  local HOP_LIMIT = 9
  local LINK = 10
  local INTERFACE = 11
  local FRAME = 12

  -- core/seen.py:19: Where a segment, or a copy of it, is found.
  local function mark_of(segment)
    return segment.seq * 65536 + segment.checksum + 1
  end

  -- core/seen.py:24: What is kept of a segment.
  local function seen_of(segment)
    return {segment.key, segment.flags, segment.length, segment.ack, segment.window, segment.ip_id, segment.tsval,
        segment.tsecr, segment.time, segment.hop_limit, segment.link, segment.interface, segment.frame}
  end

  core.seen = { KEY = KEY, FLAGS = FLAGS, LENGTH = LENGTH, ACKNOWLEDGED = ACKNOWLEDGED, WINDOW_FIELD = WINDOW_FIELD,
      IDENTIFICATION = IDENTIFICATION, TSVAL = TSVAL, TSECR = TSECR, TIME = TIME, HOP_LIMIT = HOP_LIMIT, LINK = LINK,
      INTERFACE = INTERFACE, FRAME = FRAME, mark_of = mark_of, seen_of = seen_of }
end

-- core/aggregate_host.py: Pairs of hosts, and the handshakes that wait at a server: what is counted over many
-- connections.
do
  local from = core.aggregate
  local MOST_PAIRS, MOST_SERVERS, HostPair, Waiting, host_of, hosts_of = from.MOST_PAIRS, from.MOST_SERVERS,
      from.HostPair, from.Waiting, from.host_of, from.hosts_of
  local both_heard, goes_on
  local HOLD = 63000000

  -- core/aggregate_host.py:16: The HostPair of a connection; None when the table is full.
  local function pair_of(engine, key)
    local table = engine.aggregates
    local pair = table.pairs[hosts_of(key)]
    if pair ~= nil then return pair end
    if table.pair_count >= MOST_PAIRS then
      Engine.count_note(engine, "host-limit")
      return nil
    end
    pair = HostPair(hosts_of(key))
    table.pairs[pair.key] = pair
    local turned = host_of(key, 1) .. host_of(key, 0)
    table.pairs[turned] = pair
    table.pair_count = table.pair_count + 1
    return pair
  end

  -- core/aggregate_host.py:33: This end of the connection is end 1 of the pair of hosts.
  local function is_turned(pair, key, side)
    return (pair.key ~= hosts_of(key)) == (side == 0)
  end

  -- core/aggregate_host.py:38: A segment has been counted in its connection: what it tells of the directions that the
  -- capture sees.
  local function hear_hosts(engine, arrival)
    local own = arrival.own
    local connection = arrival.connection
    if arrival.peer.segments > 0 then
      engine.both_ways_seen = true
      if own.segments == 1 then
        both_heard(engine, connection.chain.key)
      end
    elseif own.moved and own.ackmax >= 0 then
      engine.one_way_seen = true
      goes_on(engine, connection, arrival.side)
    end
  end

  -- core/aggregate_host.py:51: Segments of both ends of a connection were captured.
  function both_heard(engine, key)
    local pair = pair_of(engine, key)
    if pair ~= nil then
      pair.heard0 = true
      pair.heard1 = true
    end
  end

  -- core/aggregate_host.py:59: An end shows by its numbers that its peer answers, and of that peer nothing was
  -- captured.
  function goes_on(engine, connection, side)
    local key = connection.chain.key
    local pair = pair_of(engine, key)
    if pair == nil then return end
    engine.aggregates.unseen = true
    if is_turned(pair, key, side) then
      pair.heard1 = true
      if pair.progress1 < 0 then pair.progress1 = connection.number end
    else
      pair.heard0 = true
      if pair.progress0 < 0 then pair.progress0 = connection.number end
    end
  end

  -- core/aggregate_host.py:76: Number of a connection in which this end's host went on, if the other host was heard in
  -- none of theirs; else -1.
  local function goes_on_unheard(engine, key, side)
    if not engine.aggregates.unseen then return -1 end
    local pair = engine.aggregates.pairs[hosts_of(key)]
    if pair == nil then return -1 end
    if is_turned(pair, key, side) then
      if pair.heard0 then return -1 end
      return pair.progress1
    end
    if pair.heard1 then return -1 end
    return pair.progress0
  end

  -- core/aggregate_host.py:95: Address and port of an end, as a key of the table.
  local function server_of(key, side)
    local ports = #key - 4
    if side == 0 then return host_of(key, 0) .. sub(key, ports + 1, ports + 2) end
    return host_of(key, 1) .. sub(key, ports + 3, ports + 4)
  end

  -- core/aggregate_host.py:103: A server repeats its SYN-ACK for the first time. The Waiting of its address and port,
  -- or None when full.
  local function begin_waiting(engine, key, side, time)
    local table = engine.aggregates
    local server = server_of(key, side)
    local waiting = table.waiting[server]
    if waiting == nil then
      if table.waiting_count >= MOST_SERVERS then
        Engine.count_note(engine, "host-limit")
        return nil
      end
      waiting = Waiting()
      table.waiting[server] = waiting
      table.waiting_count = table.waiting_count + 1
    end
    if time - waiting.since >= HOLD then
      waiting.before = waiting.count
      if time - waiting.since >= 2 * HOLD then waiting.before = 0 end
      waiting.count = 0
      waiting.since = time
      if waiting.before < waiting.said then waiting.said = 0 end
    end
    waiting.count = waiting.count + 1
    return waiting
  end

  -- core/aggregate_host.py:127: A handshake that waited is answered after all.
  local function end_waiting(engine, key, side)
    local waiting = engine.aggregates.waiting[server_of(key, side)]
    if waiting == nil then return end
    if waiting.count > 0 then
      waiting.count = waiting.count - 1
    elseif waiting.before > 0 then
      waiting.before = waiting.before - 1
    end
  end

  core.aggregate_host = { HOLD = HOLD, pair_of = pair_of, is_turned = is_turned, hear_hosts = hear_hosts,
      both_heard = both_heard, goes_on = goes_on, goes_on_unheard = goes_on_unheard, server_of = server_of,
      begin_waiting = begin_waiting, end_waiting = end_waiting }
end

-- core/aggregate_number.py: Initial numbers over many connections: the same one again, and the law by which a host
-- chooses them.
do
  local from = core.aggregate
  local MOST_HOSTS, MOST_NUMBERS, Origin, Others, Samples = from.MOST_HOSTS, from.MOST_NUMBERS, from.Origin,
      from.Others, from.Samples
  from = core.sequence
  local difference, size = from.difference, from.size
  local is_known_on, is_twin, quotient
  local MOST_OTHERS = 3
  local LINE_PARTS = 1024
  local CLASSIC_STEP = 64000
  local SHORTEST_SPAN = 1000000
  local TOLERANCE = 100

  -- core/aggregate_number.py:18: The Origin of an initial number, with this connection counted in; None when it was
  -- counted before.
  local function know_number(engine, host, key, number, answer, connection)
    local table = engine.aggregates
    if table.number_count >= MOST_NUMBERS then
      table.numbers = {}
      table.number_count = 0
      Engine.count_note(engine, "isn-limit")
    end
    local first = table.numbers[number]
    local origin = first
    while origin ~= nil and origin.host ~= host do
      origin = origin.before
    end
    if origin == nil then
      table.numbers[number] = Origin(host, key, answer, connection, first)
      table.number_count = table.number_count + 1
      return table.numbers[number]
    end
    if is_known_on(origin, key) then return nil end
    if is_twin(origin, answer) then return origin end
    origin.count = origin.count + 1
    if origin.others == nil then origin.others = Others() end
    if #origin.others.keys < MOST_OTHERS then
      origin.others.keys[#origin.others.keys + 1] = key
      origin.others.answers[#origin.others.answers + 1] = answer
    end
    return origin
  end

  -- core/aggregate_number.py:50: The number was used on this pair before.
  function is_known_on(origin, key)
    if origin.key == key then return true end
    if origin.others ~= nil then
      for _, other in ipairs(origin.others.keys) do
        if other == key then return true end
      end
    end
    return false
  end

  -- core/aggregate_number.py:61: The other end's number was seen together with this one before.
  function is_twin(origin, answer)
    if origin.answer == answer then return true end
    if origin.others ~= nil then
      for _, other in ipairs(origin.others.answers) do
        if other == answer then return true end
      end
    end
    return false
  end

  -- core/aggregate_number.py:72: Add an initial number to those of its host, unless there are `most`. The Samples when
  -- it was added, else None.
  local function take_sample(engine, host, key, number, time, most)
    local table = engine.aggregates
    local samples = table.hosts[host]
    if samples == nil then
      if table.host_count >= MOST_HOSTS then
        table.hosts = {}
        table.host_count = 0
        Engine.count_note(engine, "isn-limit")
      end
      samples = Samples(key, number, time)
      table.hosts[host] = samples
      table.host_count = table.host_count + 1
      return samples
    end
    if #samples.numbers >= most then return nil end
    for _, other in ipairs(samples.keys) do
      if other == key then return nil end
    end
    samples.keys[#samples.keys + 1] = key
    samples.numbers[#samples.numbers + 1] = number
    samples.times[#samples.times + 1] = time
    local index = #samples.times - 1
    while index > 0 and samples.times[index] > time do
      samples.times[index + 1] = samples.times[index]
      samples.numbers[index + 1] = samples.numbers[index]
      index = index - 1
    end
    samples.times[index + 1] = time
    samples.numbers[index + 1] = number
    return samples
  end

  -- core/aggregate_number.py:103: Signed distances from each number to the next, in the order of the SYNs.
  local function steps_of(samples)
    local steps = {}
    local index = 1
    while index < #samples.numbers do
      steps[#steps + 1] = difference(samples.numbers[index + 1], samples.numbers[index])
      index = index + 1
    end
    return steps
  end

  -- core/aggregate_number.py:113: All steps are exactly one.
  local function same_steps(steps)
    for _, step in ipairs(steps) do
      if step ~= steps[1] then return false end
    end
    return steps[1] ~= 0
  end

  -- core/aggregate_number.py:121: All steps are equal but for one part in TOLERANCE.
  local function even_steps(steps)
    local first = steps[1]
    if first == 0 then return false end
    for _, step in ipairs(steps) do
      if size(step - first) * TOLERANCE > size(first) then return false end
    end
    return true
  end

  -- core/aggregate_number.py:132: All steps are multiples of CLASSIC_STEP, and none is 0.
  local function classic_steps(steps)
    for _, step in ipairs(steps) do
      if step == 0 or size(step) % CLASSIC_STEP ~= 0 then return false end
    end
    return true
  end

  -- core/aggregate_number.py:140: Numbers a second when the samples lie on a straight line over time, within one part
  -- in TOLERANCE; -1 otherwise.
  local function line_rate(samples, steps)
    local whole = 0
    for _, step in ipairs(steps) do
      whole = whole + step
    end
    local start = samples.times[1]
    local span = samples.times[#samples.times] - start
    if span < SHORTEST_SPAN or whole <= 0 then return -1 end
    local halvings = 0
    local parts = span
    while parts >= LINE_PARTS do
      parts = floor(parts / 2)
      halvings = halvings + 1
    end
    local risen = 0
    local index = 0
    while index < #steps do
      risen = risen + steps[index + 1]
      index = index + 1
      local passed = samples.times[index + 1] - start
      for _ = 0, halvings - 1 do
        passed = floor(passed / 2)
      end
      if size(risen * parts - whole * passed) * TOLERANCE > whole * parts then return -1 end
    end
    return quotient(whole * 1000, floor(span / 1000))
  end

  -- core/aggregate_number.py:170: number // by, for positive numbers: the portable subset divides by constants only.
  function quotient(number, by)
    local result = 0
    local part = by
    local times = 1
    while part * 2 <= number do
      part = part * 2
      times = times * 2
    end
    while times > 0 do
      if number >= part then
        number = number - part
        result = result + times
      end
      part = floor(part / 2)
      times = floor(times / 2)
    end
    return result
  end

  core.aggregate_number = { MOST_OTHERS = MOST_OTHERS, LINE_PARTS = LINE_PARTS, CLASSIC_STEP = CLASSIC_STEP,
      SHORTEST_SPAN = SHORTEST_SPAN, TOLERANCE = TOLERANCE, know_number = know_number, is_known_on = is_known_on,
      is_twin = is_twin, take_sample = take_sample, steps_of = steps_of, same_steps = same_steps,
      even_steps = even_steps, classic_steps = classic_steps, line_rate = line_rate, quotient = quotient }
end

-- core/conntrack.py: The state that Linux connection tracking would keep of the connection: `conntrack -L` shows it.
do
  local from = core.model
  local ACK, FIN, RST, SYN, URG = from.ACK, from.FIN, from.RST, from.SYN, from.URG
  from = core.sequence
  local MODULUS = from.MODULUS
  local after_ack, accept, make_entry, ignore, answers_ignored
  local NONE = 0
  local SYN_SENT = 1
  local SYN_RECV = 2
  local ESTABLISHED = 3
  local FIN_WAIT = 4
  local CLOSE_WAIT = 5
  local LAST_ACK = 6
  local TIME_WAIT = 7
  local CLOSE = 8
  local SYN_SENT2 = 9
  local IGNORED = -1
  local INVALID = -2
  local EXACT = 0
  local NEAR_MISS = 1
  local INVALID_AIM = 2
  local BY_SYN = 1
  local BY_ANSWER = 2
  local BY_FIN = 3
  local BY_ACK = 4
  local BY_RST = 5

  -- core/conntrack.py:40: What the segment is, or 0 for a combination of bits that is invalid.
  local function kind_of(entry)
    local flags = entry.flags
    local fin = band(flags, FIN) ~= 0
    local ack = band(flags, ACK) ~= 0
    local urgent = band(flags, URG) ~= 0
    if band(flags, SYN) ~= 0 then
      if fin or band(flags, RST) ~= 0 or (ack and urgent) then return 0 end
      if ack then return BY_ANSWER end
      return BY_SYN
    end
    if band(flags, RST) ~= 0 then
      if fin or urgent then return 0 end
      return BY_RST
    end
    if not ack then return 0 end
    if fin then return BY_FIN end
    return BY_ACK
  end

  -- core/conntrack.py:63: Where a segment leads from a state, IGNORED or INVALID.
  local function next_state(state, original, kind)
    if kind == BY_RST then return CLOSE end
    if kind == BY_FIN then
      if state == SYN_RECV or state == ESTABLISHED then return FIN_WAIT end
      if state == FIN_WAIT or state == CLOSE_WAIT or state == LAST_ACK then
        return LAST_ACK
      end
      if state == TIME_WAIT or state == CLOSE then return state end
      return INVALID
    end
    if kind == BY_ACK then return after_ack(state, original) end
    if kind == BY_ANSWER then
      if state == SYN_SENT2 or (state == SYN_SENT and not original) or (state == SYN_RECV and original) then
        return SYN_RECV
      end
      if original then return INVALID end
      return IGNORED
    end
    if state == SYN_SENT2 then return SYN_SENT2 end
    if original then
      if state == SYN_SENT or state == TIME_WAIT or state == CLOSE then return SYN_SENT end
      return IGNORED
    end
    if state == SYN_SENT then return SYN_SENT2 end
    if state == TIME_WAIT then return SYN_SENT end
    return INVALID
  end

  -- core/conntrack.py:96: Where an ACK, with payload or without, leads.
  function after_ack(state, original)
    if state == FIN_WAIT or state == CLOSE_WAIT then return CLOSE_WAIT end
    if state == LAST_ACK or state == TIME_WAIT then return TIME_WAIT end
    if state == SYN_RECV and original then return ESTABLISHED end
    if state == SYN_SENT or state == SYN_SENT2 then
      if original then return INVALID end
      return IGNORED
    end
    return state
  end

  -- core/conntrack.py:111: A segment passes that belongs to the connection.
  local function track(tale, entry)
    local side = entry.side
    local aim = entry.aim
    local kind = kind_of(entry)
    if kind == 0 then return end
    if tale.deleted then
      tale.tracked = NONE
      tale.deleted = false
    end
    local state = tale.tracked
    if state == NONE then
      if kind == BY_SYN then
        make_entry(tale, side, SYN_SENT, kind)
      elseif kind == BY_ACK then
        make_entry(tale, side, ESTABLISHED, kind)
      end
      return
    end
    local original = side == tale.original
    local follows = next_state(state, original, kind)
    if follows == INVALID then return end
    if follows == SYN_SENT and state >= TIME_WAIT then
      if tale.closed_first or (tale.last_side == side and tale.last_kind == BY_RST) then
        make_entry(tale, side, SYN_SENT, kind)
        return
      end
      follows = IGNORED
    end
    if follows == IGNORED then
      if kind ~= BY_ANSWER or not answers_ignored(tale, side, entry) then
        ignore(tale, side, entry, kind)
        return
      end
      follows = SYN_RECV
    elseif aim == INVALID_AIM then
      return
    end
    if follows == TIME_WAIT and tale.challenge and kind == BY_ACK then
      if tale.last_kind == BY_SYN and tale.last_side ~= side then
        tale.challenge = false
        return
      end
    end
    if follows == SYN_SENT2 then
      tale.crossed = true
    elseif follows == SYN_RECV and tale.crossed and kind == BY_ACK then
      follows = ESTABLISHED
    elseif kind == BY_RST and aim == NEAR_MISS and state == ESTABLISHED and tale.answered then
      follows = ESTABLISHED
    end
    accept(tale, side, follows, kind)
  end

  -- core/conntrack.py:157: The segment moves the entry.
  function accept(tale, side, follows, kind)
    if follows == FIN_WAIT and tale.tracked ~= FIN_WAIT then tale.closed_first = true end
    tale.tracked = follows
    tale.last_kind = kind
    tale.last_side = side
    tale.deleted = kind == BY_RST and not tale.answered
    if side ~= tale.original then tale.answered = true end
  end

  -- core/conntrack.py:169: A new entry, in the direction of this entry.
  function make_entry(tale, side, state, kind)
    tale.tracked = state
    tale.original = side
    tale.last_kind = kind
    tale.last_side = side
    tale.last_end = -1
    tale.answered = false
    tale.closed_first = false
    tale.challenge = false
    tale.crossed = false
  end

  -- core/conntrack.py:182: Let the segment through, but remember it: the answer may show that it was right.
  function ignore(tale, side, entry, kind)
    tale.last_kind = kind
    tale.last_side = side
    if kind == BY_SYN then
      tale.last_end = (entry.seq + entry.length + 1) % MODULUS
      if side == tale.original then tale.challenge = tale.tracked == LAST_ACK end
    end
  end

  -- core/conntrack.py:192: A SYN-ACK for the SYN that was ignored just before.
  function answers_ignored(tale, side, entry)
    return tale.last_kind == BY_SYN and tale.last_side ~= side and entry.ack == tale.last_end
  end

  -- core/conntrack.py:197: The word that conntrack prints; "" where it has no entry.
  local function state_name(state)
    if state == SYN_SENT then return "SYN_SENT" end
    if state == SYN_RECV then return "SYN_RECV" end
    if state == ESTABLISHED then return "ESTABLISHED" end
    if state == FIN_WAIT then return "FIN_WAIT" end
    if state == CLOSE_WAIT then return "CLOSE_WAIT" end
    if state == LAST_ACK then return "LAST_ACK" end
    if state == TIME_WAIT then return "TIME_WAIT" end
    if state == CLOSE then return "CLOSE" end
    if state == SYN_SENT2 then return "SYN_SENT2" end
    return ""
  end

  core.conntrack = { NONE = NONE, SYN_SENT = SYN_SENT, SYN_RECV = SYN_RECV, ESTABLISHED = ESTABLISHED,
      FIN_WAIT = FIN_WAIT, CLOSE_WAIT = CLOSE_WAIT, LAST_ACK = LAST_ACK, TIME_WAIT = TIME_WAIT, CLOSE = CLOSE,
      SYN_SENT2 = SYN_SENT2, IGNORED = IGNORED, INVALID = INVALID, EXACT = EXACT, NEAR_MISS = NEAR_MISS,
      INVALID_AIM = INVALID_AIM, BY_SYN = BY_SYN, BY_ANSWER = BY_ANSWER, BY_FIN = BY_FIN, BY_ACK = BY_ACK,
      BY_RST = BY_RST, kind_of = kind_of, next_state = next_state, after_ack = after_ack, track = track,
      accept = accept, make_entry = make_entry, ignore = ignore, answers_ignored = answers_ignored,
      state_name = state_name }
end

-- core/evidence.py: What a capture can prove: the guards between a suspicion and an accusation.
do
  local from = core.model
  local ACK, CHECKSUM_BAD, SIDE_UNKNOWN = from.ACK, from.CHECKSUM_BAD, from.SIDE_UNKNOWN
  from = core.sequence
  local larger = from.larger
  local NEAR_ISN = 65536
  local NEAR_ANSWER = 64
  local NEAR_FIN = 1024
  local NEXT_INCARNATION = 1460
  local SCAN_FIT = 262144
  local SLACK = 5000
  local REPLY_WAIT = 3000000

  -- core/evidence.py:24: How far from the expected number a segment towards `end` may lie and still be of this
  -- incarnation.
  local function window_reach(endpoint)
    return 2 * larger(endpoint.wmax, 65535) + 65536
  end

  -- core/evidence.py:29: FITS: by both numbers the segment belongs to this incarnation.
  local function fits(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.nxt < 0 then return false end
    local reach = window_reach(peer)
    if arrival.seq - own.nxt > reach or own.nxt - arrival.seq > reach then return false end
    if arrival.has_ack then
      if peer.nxt < 0 then return false end
      if arrival.ack - peer.nxt > reach or peer.nxt - arrival.ack > reach then
        return false
      end
    end
    return true
  end

  -- core/evidence.py:46: ACKSEEN: the ack speaks of what was captured of the peer, and is not far below what was
  -- acknowledged before.
  local function ack_seen(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not arrival.has_ack or peer.seen < 0 then return false end
    return arrival.ack <= peer.seen and arrival.ack >= own.ackmax - 65535
  end

  -- core/evidence.py:55: Both initial numbers come from captured SYNs.
  local function both_syns(connection)
    return connection.ends[1].iss_seen and connection.ends[2].iss_seen
  end

  -- core/evidence.py:60: The initial number comes from a captured SYN without ACK, and no other SYN of this end speaks
  -- against it.
  local function syn_alone_seen(endpoint)
    local opening = endpoint.opening
    return endpoint.iss_seen and band(opening.flags, ACK) == 0 and opening.other_iss < 0
  end

  -- core/evidence.py:70: CONTIG: the segment continues the stream of its sender that ends at `number`.
  local function continues(arrival, number)
    if arrival.seq <= number then return true end
    return arrival.seq - number <= NEXT_INCARNATION and both_syns(arrival.connection)
  end

  -- core/evidence.py:77: HOLE: octets of this end were acknowledged or passed over without having been captured.
  local function has_hole(endpoint)
    return #endpoint.gaps > 0
  end

  -- core/evidence.py:82: A hole so wide that the next connection of the pair may begin behind it, its SYN within.
  local function hides_incarnation(endpoint)
    local index = 0
    while index < #endpoint.gaps do
      if endpoint.gaps[index + 2] - endpoint.gaps[index + 1] >= NEAR_ISN then return true end
      index = index + 2
    end
    return false
  end

  -- core/evidence.py:92: W: this end's SYN was captured and no hole is open in its direction.
  local function complete_so_far(endpoint)
    return endpoint.iss_seen and #endpoint.gaps == 0
  end

  -- core/evidence.py:97: The checksum is known to be wrong: the segment is nobody's fault.
  local function damaged(arrival)
    return arrival.segment.checksum_state == CHECKSUM_BAD
  end

  -- core/evidence.py:102: Two marks differ from those of this end's own SYN: the hop limit, and timestamps that both
  -- SYNs agreed on.
  local function stranger(arrival)
    local opening = arrival.own.opening
    if opening.hop_limit < 0 or arrival.segment.hop_limit == opening.hop_limit then
      return false
    end
    if arrival.connection.truncated or not both_syns(arrival.connection) then
      return true
    end
    return opening.tsval >= 0 and arrival.peer.opening.tsval >= 0 and arrival.segment.tsval < 0
  end

  -- core/evidence.py:116: KNOWS-NOTHING: sent by an end that has opened, and it shows no knowledge of its peer.
  local function knows_nothing(arrival)
    local own = arrival.own
    if own.opening.alone_frame == 0 or own.got_syn or arrival.syn or arrival.rst then
      return false
    end
    if arrival.connection.removed_numbers and arrival.segment.seq == 0 then return false end
    if arrival.peer.nxt < 0 and not arrival.has_ack then return true end
    if not arrival.has_ack or arrival.segment.ack ~= 0 then return false end
    return arrival.peer.nxt < 0 or (arrival.peer.iss_seen and arrival.ack_far)
  end

  -- core/evidence.py:135: A SYN stands behind its end's data or a FIN, or a SYN-ACK with another number behind the
  -- third step.
  local function reopened(connection)
    return connection.ends[1].opening.late or connection.ends[2].opening.late
  end

  -- core/evidence.py:143: A RST stands in this connection: what follows may be the next incarnation.
  local function reset_before(connection)
    return connection.ends[1].closing.rst_frame > 0 or connection.ends[2].closing.rst_frame > 0
  end

  -- core/evidence.py:148: This end has sent its SYN and its peer's SYN has reached it (RFC 9293 §3.3.2: a synchronised
  -- state).
  local function synchronised(endpoint)
    return endpoint.got_syn and endpoint.syn_acked
  end

  -- core/evidence.py:153: Index of the client: sender of the first SYN without ACK, else receiver of the SYN-ACK, else
  -- the higher port.
  local function client_side(connection)
    local zero = connection.ends[1].opening
    local one = connection.ends[2].opening
    if zero.alone_frame > 0 or one.alone_frame > 0 then
      if one.alone_frame == 0 then return 0 end
      if zero.alone_frame == 0 then return 1 end
      if zero.alone_frame < one.alone_frame then return 0 end
      return 1
    end
    if one.answer_frame > 0 and zero.answer_frame == 0 then return 0 end
    if zero.answer_frame > 0 and one.answer_frame == 0 then return 1 end
    local key = connection.chain.key
    local ports = #key - 4
    local first = byte(key, ports + 1) * 256 + byte(key, ports + 2)
    local second = byte(key, ports + 3) * 256 + byte(key, ports + 4)
    if first > second then return 0 end
    if second > first then return 1 end
    return connection.first_side
  end

  -- core/evidence.py:180: False when the client was only guessed from the ports.
  local function client_certain(connection)
    local zero = connection.ends[1].opening
    local one = connection.ends[2].opening
    if zero.alone_frame > 0 or one.alone_frame > 0 then return true end
    if one.answer_frame > 0 and zero.answer_frame == 0 then return true end
    return zero.answer_frame > 0 and one.answer_frame == 0
  end

  -- core/evidence.py:191: Whether this end's FIN left before it had processed the peer's FIN: 1 yes, 0 no, -1 not
  -- known.
  local function fin_first(own, peer)
    local closing = own.closing
    if closing.fin < 0 then return 0 end
    if peer.closing.fin < 0 then return 1 end
    if closing.min_ack < 0 then return -1 end
    if closing.min_ack < peer.closing.fin_end then return 1 end
    if closing.sure then return 0 end
    return -1
  end

  -- core/evidence.py:210: Index of the end that closed first, 2 for both, SIDE_UNKNOWN when the capture cannot tell or
  -- nobody closed.
  local function active_closer(connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    if zero.closing.fin < 0 and one.closing.fin < 0 then return SIDE_UNKNOWN end
    local first = fin_first(zero, one)
    local second = fin_first(one, zero)
    if first == 1 and second == 0 then return 0 end
    if first == 0 and second == 1 then return 1 end
    if first == 1 and second == 1 then return 2 end
    return SIDE_UNKNOWN
  end

  -- core/evidence.py:227: Both FINs were sent and acknowledged: the connection is closed in order.
  local function both_fins_acked(connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    return zero.closing.fin >= 0 and one.closing.fin >= 0 and zero.fin_acked and one.fin_acked
  end

  -- core/evidence.py:234: A RST that its receiver had to accept was seen.
  local function reset_effective(connection)
    return connection.ends[1].closing.rst_hit or connection.ends[2].closing.rst_hit
  end

  -- core/evidence.py:239: Nothing more is due in this connection: a new SYN on the pair opens the next one.
  local function closed(connection, now)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    if zero.closing.rst_hit or one.closing.rst_hit then return true end
    if zero.closing.fin < 0 or one.closing.fin < 0 then return false end
    if zero.fin_acked and one.fin_acked then return true end
    return (zero.fin_acked or one.fin_acked) and now - connection.last_time > 1000000
  end

  core.evidence = { NEAR_ISN = NEAR_ISN, NEAR_ANSWER = NEAR_ANSWER, NEAR_FIN = NEAR_FIN,
      NEXT_INCARNATION = NEXT_INCARNATION, SCAN_FIT = SCAN_FIT, SLACK = SLACK, REPLY_WAIT = REPLY_WAIT,
      window_reach = window_reach, fits = fits, ack_seen = ack_seen, both_syns = both_syns,
      syn_alone_seen = syn_alone_seen, continues = continues, has_hole = has_hole,
      hides_incarnation = hides_incarnation, complete_so_far = complete_so_far, damaged = damaged, stranger = stranger,
      knows_nothing = knows_nothing, reopened = reopened, reset_before = reset_before, synchronised = synchronised,
      client_side = client_side, client_certain = client_certain, fin_first = fin_first, active_closer = active_closer,
      both_fins_acked = both_fins_acked, reset_effective = reset_effective, closed = closed }
end

-- core/lone.py: Lone SYNs, kept small.
do
  local from = core.model
  local CHECKSUM_PARTIAL, CHECKSUM_UNKNOWN, CWR, ECE, SYN, Options, Segment = from.CHECKSUM_PARTIAL,
      from.CHECKSUM_UNKNOWN, from.CWR, from.ECE, from.SYN, from.Options, from.Segment
  local has_common_options
  local NOT_ECN = 0xF3F
  local NUMBER_LIMIT = 16777216
  local FRAME_LIMIT = 2147483648
  local TIME_LIMIT = 17592186044416

  -- core/lone.py:18: An ordinary opening SYN: no payload, no stray fields, only the four common options.
  local function is_packable(segment, number)
    local options = segment.options
    if band(segment.flags, NOT_ECN) ~= SYN or number >= NUMBER_LIMIT then return false end
    if (band(segment.flags, ECE) ~= 0) ~= (band(segment.flags, CWR) ~= 0) then
      return false
    end
    if segment.length ~= 0 or segment.ack ~= 0 or segment.urgent ~= 0 or segment.truncated or segment.ecn ~= 0 then
      return false
    end
    if segment.offload or not segment.header_valid or not segment.length_known then
      return false
    end
    if segment.interface ~= 0 or segment.link > 4095 then return false end
    if segment.time < 0 or segment.time >= TIME_LIMIT or segment.frame >= FRAME_LIMIT or segment.tsecr > 0 then
      return false
    end
    if segment.checksum < 0 or segment.window < 0 or segment.ip_id > 65535 then
      return false
    end
    if segment.checksum_state ~= CHECKSUM_UNKNOWN and segment.checksum_state ~= CHECKSUM_PARTIAL then
      return false
    end
    return has_common_options(options)
  end

  -- core/lone.py:40: None but MSS, window scale, SACK permitted and timestamps, each as it should be.
  function has_common_options(options)
    if options.malformed ~= 0 or options.wrong_length >= 0 or options.duplicate >= 0 or options.wscale > 14 then
      return false
    end
    if options.mss > 65534 or options.tfo >= 0 or options.mptcp >= 0 or options.md5 or options.ao then
      return false
    end
    return #options.unknown == 0 and #options.sack == 0 and options.complete
  end

  -- core/lone.py:49: The SYN as five integers; `number` is that of its connection.
  local function pack(segment, number)
    local options = segment.options
    local sackok = 0
    if options.sackok then sackok = 1 end
    local partial = 0
    if segment.checksum_state == CHECKSUM_PARTIAL then partial = 1 end
    local bits = 0
    if band(segment.flags, ECE) ~= 0 then bits = 1 end
    if band(segment.flags, CWR) ~= 0 then bits = bits + 2 end
    return {segment.time * 256 + segment.hop_limit, ((segment.frame * 65536 + segment.checksum) * 2 + sackok) * 2 +
        partial, (segment.seq * 65536 + segment.window) * 4 + bits, ((segment.tsval + 1) * 65536 +
        options.mss % 65536) * 16 + (options.wscale + 1), (number * 4096 + segment.link) * 131072 + segment.ip_id + 1}
  end

  -- core/lone.py:72: The SYN again, as the decoder gave it (but for fields that no rule reads).
  local function unpack(packed, key)
    local frame = floor(packed[2] / 262144)
    local ip_id = packed[5] % 131072 - 1
    local link = floor(packed[5] / 131072) % 4096
    local segment = Segment(frame, floor(packed[1] / 256), key, ip_id, packed[1] % 256, 0, link, 0)
    local options = Options()
    segment.options = options
    segment.checksum = floor(packed[2] / 4) % 65536
    options.sackok = floor(packed[2] / 2) % 2 == 1
    if packed[2] % 2 == 1 then segment.checksum_state = CHECKSUM_PARTIAL end
    segment.seq = floor(packed[3] / 262144)
    segment.window = floor(packed[3] / 4) % 65536
    local bits = packed[3] % 4
    segment.ack = 0
    segment.urgent = 0
    segment.flags = SYN
    if bits % 2 == 1 then segment.flags = segment.flags + ECE end
    if bits >= 2 then segment.flags = segment.flags + CWR end
    segment.tsval = floor(packed[4] / 1048576) - 1
    if segment.tsval >= 0 then segment.tsecr = 0 end
    options.mss = floor(packed[4] / 16) % 65536
    if options.mss == 65535 then options.mss = -1 end
    options.wscale = packed[4] % 16 - 1
    return segment
  end

  -- core/lone.py:104: The number of the connection that the SYN opened.
  local function number_of(packed)
    return floor(packed[5] / 536870912)
  end

  -- core/lone.py:109: When the SYN passed, in µs.
  local function time_of(packed)
    return floor(packed[1] / 256)
  end

  core.lone = { NOT_ECN = NOT_ECN, NUMBER_LIMIT = NUMBER_LIMIT, FRAME_LIMIT = FRAME_LIMIT, TIME_LIMIT = TIME_LIMIT,
      is_packable = is_packable, has_common_options = has_common_options, pack = pack, unpack = unpack,
      number_of = number_of, time_of = time_of }
end

-- core/note.py: How rules speak: each call adds one finding, or counts it where the same was said before.
do
  local from = core.model
  local HANDSHAKE, INCONCLUSIVE, OBSERVED, OTHER, SYN, VIOLATES, Finding = from.HANDSHAKE, from.INCONCLUSIVE,
      from.OBSERVED, from.OTHER, from.SYN, from.VIOLATES, from.Finding

  -- core/note.py:11: Option and header findings speak of the handshake on a segment with SYN, else of the connection
  -- alone.
  local function phase_of_header(arrival)
    if band(arrival.flags, SYN) ~= 0 then return HANDSHAKE end
    return OTHER
  end

  -- core/note.py:18: The finding that says the same, or None.
  local function known(findings, code, kind, verdict, why, side)
    for _, finding in ipairs(findings) do
      if finding.code == code and finding.kind == kind and finding.side == side then
        if finding.verdict == verdict and finding.why == why then return finding end
      end
    end
    return nil
  end

  -- core/note.py:27: Add a finding at the frame of the segment.
  local function add(arrival, phase, code, kind, verdict, why, side, related, n1, n2)
    local connection = arrival.connection
    if verdict == VIOLATES then
      arrival.fired[#arrival.fired + 1] = code
    end
    local finding = known(connection.findings, code, kind, verdict, why, side)
    if finding == nil then
      if #connection.findings >= arrival.engine.settings.max_findings then
        Engine.count_note(arrival.engine, "finding-limit")
        return
      end
      finding = Finding(code, kind, verdict, side, arrival.frame)
      finding.why = why
      finding.n1 = n1
      finding.n2 = n2
      if related > 0 and related ~= arrival.frame then
        finding.related[#finding.related + 1] = related
      end
      finding.phase = phase
      connection.findings[#connection.findings + 1] = finding
    else
      finding.count = finding.count + 1
      finding.last_frame = arrival.frame
    end
    arrival.fresh[#arrival.fresh + 1] = finding
  end

  -- core/note.py:51: The sender of the segment breaks the rule; `related` is the frame that proves it, 0 for none.
  local function violates(arrival, phase, code, kind, related, n1, n2)
    add(arrival, phase, code, kind, VIOLATES, "", arrival.side, related, n1, n2)
  end

  -- core/note.py:56: It looks like a breach, but `why` could explain it.
  local function undecided(arrival, phase, code, kind, why, related, n1, n2)
    add(arrival, phase, code, kind, INCONCLUSIVE, why, arrival.side, related, n1, n2)
  end

  -- core/note.py:61: A note about the sender of the segment.
  local function observed(arrival, phase, code, kind, related, n1, n2)
    add(arrival, phase, code, kind, OBSERVED, "", arrival.side, related, n1, n2)
  end

  -- core/note.py:66: Another rule has already named the fault of this segment.
  local function fired(arrival, code)
    for _, other in ipairs(arrival.fired) do
      if other == code then return true end
    end
    return false
  end

  -- core/note.py:74: Another rule has named this frame, decided or not: its finding, or None.
  local function spoke(arrival, code)
    for _, finding in ipairs(arrival.fresh) do
      if finding.code == code then return finding end
    end
    return nil
  end

  -- core/note.py:82: The note of this kind about an end of the connection, or None.
  local function said_before(arrival, code, kind, side)
    return known(arrival.connection.findings, code, kind, OBSERVED, "", side)
  end

  -- core/note.py:93: A connection at a given time, for the rules that wait for time or for the end of the capture.
  local function Ending(connection, end_time)
    return {
      engine = nil,
      connection = connection,
      end_time = end_time,
      client = 0,
      opener = connection.ends[1],
      answerer = connection.ends[2],
      rtt = 0,
      handshake = "",
      teardown = "",
      closer = -1,
      last_ack_inferred = false,
      one_way_capture = false,
      clock_broken = false,
      findings = {},
      evidence = {},
    }
  end

  -- core/note.py:111: Add a deferred finding. It belongs to the frame of its event, whose number is `frame`.
  local function conclude(ending, phase, code, kind, verdict, why, side, frame, related, n1, n2)
    if ending.clock_broken and why == "capture-end" then why = "order" end
    if known(ending.findings, code, kind, verdict, why, side) == nil then
      local finding = Finding(code, kind, verdict, side, frame)
      finding.why = why
      finding.n1 = n1
      finding.n2 = n2
      if related > 0 and related ~= frame then
        finding.related[#finding.related + 1] = related
      end
      finding.phase = phase
      ending.findings[#ending.findings + 1] = finding
    end
  end

  -- core/note.py:126: A deferred note.
  local function notes(ending, phase, code, kind, side, frame, related, n1, n2)
    conclude(ending, phase, code, kind, OBSERVED, "", side, frame, related, n1, n2)
  end

  -- core/note.py:131: A deferred rule that the evidence cannot decide.
  local function leaves_open(ending, phase, code, kind, why, side, frame, related, n1, n2)
    conclude(ending, phase, code, kind, INCONCLUSIVE, why, side, frame, related, n1, n2)
  end

  -- core/note.py:136: RUN: the capture demonstrably ran for `wait` µs after `since`.
  local function ran(ending, since, wait)
    return not ending.clock_broken and ending.end_time - since >= wait
  end

  core.note = { phase_of_header = phase_of_header, known = known, add = add, violates = violates, undecided = undecided,
      observed = observed, fired = fired, spoke = spoke, said_before = said_before, Ending = Ending,
      conclude = conclude, notes = notes, leaves_open = leaves_open, ran = ran }
end

-- core/offer.py: What the SYNs of an end offer, over all their copies: window scale, SACK, timestamps, ECN.
do
  local from = core.model
  local AE, CWR, ECE, OPTIONS_SOUND = from.AE, from.CWR, from.ECE, from.OPTIONS_SOUND
  from = core.sequence
  local difference = from.difference
  local answers_copy, learn_use
  local SCALE = 1
  local NO_SCALE = 2
  local SACK = 4
  local NO_SACK = 8
  local STAMPS = 16
  local NO_STAMPS = 32
  local ECN = 64
  local NO_ECN = 128
  local CUT = 256
  local BROKEN = 512
  local IDENTIFIED = 1024
  local USED_STAMPS = 2048
  local VARIED = 4096
  local MULTIPATH = 8192
  local NO_MULTIPATH = 16384
  local CAPABLE = 32768
  local JOIN = 65536
  local ACCURATE = 131072
  local NO_ACCURATE = 262144
  local SIGNED = 524288
  local NO_SIGNED = 1048576

  -- core/offer.py:37: The bits that stand in either number.
  local function union(one, other)
    local result = 0
    local bit = 1
    while one > 0 or other > 0 do
      if one % 2 == 1 or other % 2 == 1 then result = result + bit end
      one = floor(one / 2)
      other = floor(other / 2)
      bit = bit * 2
    end
    return result
  end

  -- core/offer.py:50: The bits of this one SYN or SYN-ACK.
  local function offer_of(arrival)
    local segment = arrival.segment
    local options = segment.options
    local bits = NO_SCALE
    if options.wscale >= 0 then bits = SCALE end
    if options.sackok then
      bits = bits + SACK
    else
      bits = bits + NO_SACK
    end
    if segment.tsval >= 0 then
      bits = bits + STAMPS
    else
      bits = bits + NO_STAMPS
    end
    if not arrival.has_ack then
      if band(segment.flags, ECE) ~= 0 and band(segment.flags, CWR) ~= 0 then
        bits = bits + ECN
      else
        bits = bits + NO_ECN
      end
      if band(bits, ECN) ~= 0 and band(segment.flags, AE) ~= 0 then
        bits = bits + ACCURATE
      else
        bits = bits + NO_ACCURATE
      end
    end
    if options.mptcp >= 0 then
      bits = bits + MULTIPATH
      if options.mptcp == 0 then
        bits = bits + CAPABLE
      elseif options.mptcp == 1 then
        bits = bits + JOIN
      end
    else
      bits = bits + NO_MULTIPATH
    end
    if options.md5 or options.ao then
      bits = bits + SIGNED
    else
      bits = bits + NO_SIGNED
    end
    if segment.truncated or not options.complete then bits = bits + CUT end
    if options.malformed ~= OPTIONS_SOUND or options.wrong_length >= 0 then
      bits = bits + BROKEN
    end
    return bits
  end

  -- core/offer.py:93: Take over what this SYN or SYN-ACK offers.
  local function learn_offer(arrival)
    local opening = arrival.own.opening
    local bits = offer_of(arrival)
    if arrival.has_ack and answers_copy(arrival) then bits = bits + IDENTIFIED end
    if not arrival.has_ack and opening.alone_copies > 0 and arrival.length ~= opening.length then
      bits = bits + VARIED
    end
    if opening.offers == 0 then
      opening.offers = bits
    elseif bits ~= opening.offers then
      opening.offers = union(opening.offers, bits)
    end
  end

  -- core/offer.py:107: ANSWERS: this SYN-ACK echoes the timestamp of a captured SYN, the first or the newest, so it
  -- answers that one.
  function answers_copy(arrival)
    local tsecr = arrival.segment.tsecr
    if tsecr <= 0 then return false end
    return tsecr == arrival.peer.opening.tsval or tsecr == arrival.peer.tsval
  end

  -- core/offer.py:118: Surely no timestamps: SYNs were captured whole, and none had the option.
  local function refused_timestamps(opening)
    local offers = opening.offers
    return band(offers, NO_STAMPS) ~= 0 and band(offers, STAMPS) == 0 and band(offers, CUT) == 0 and band(offers,
        BROKEN) == 0
  end

  -- core/offer.py:124: The newest TSval of this end; -1, whatever it sends, in a connection that does without
  -- timestamps.
  local function learn_timestamps(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local tsval = arrival.segment.tsval
    if arrival.syn or (own.tsval < 0 and tsval >= 0) then
      if refused_timestamps(own.opening) or refused_timestamps(peer.opening) then
        own.tsval = -1
        peer.tsval = -1
        return
      end
    end
    if tsval >= 0 then
      own.tsval = tsval
      if not arrival.syn then
        learn_use(own, tsval)
      end
    end
  end

  -- core/offer.py:144: A segment behind the SYN: whether it has timestamps.
  function learn_use(own, tsval)
    if tsval >= 0 and band(own.opening.offers, USED_STAMPS) == 0 then
      own.opening.offers = own.opening.offers + USED_STAMPS
    end
  end

  -- core/offer.py:150: The number lies on the way from the first to the last timestamp, both included; all 32 bits.
  local function in_between(number, first, last)
    if number == first or number == last then return true end
    return difference(number, first) > 0 and difference(number, last) < 0
  end

  core.offer = { SCALE = SCALE, NO_SCALE = NO_SCALE, SACK = SACK, NO_SACK = NO_SACK, STAMPS = STAMPS,
      NO_STAMPS = NO_STAMPS, ECN = ECN, NO_ECN = NO_ECN, CUT = CUT, BROKEN = BROKEN, IDENTIFIED = IDENTIFIED,
      USED_STAMPS = USED_STAMPS, VARIED = VARIED, MULTIPATH = MULTIPATH, NO_MULTIPATH = NO_MULTIPATH, CAPABLE = CAPABLE,
      JOIN = JOIN, ACCURATE = ACCURATE, NO_ACCURATE = NO_ACCURATE, SIGNED = SIGNED, NO_SIGNED = NO_SIGNED,
      union = union, offer_of = offer_of, learn_offer = learn_offer, answers_copy = answers_copy,
      refused_timestamps = refused_timestamps, learn_timestamps = learn_timestamps, learn_use = learn_use,
      in_between = in_between }
end

-- core/options.py: The option list of a TCP header (RFC 9293 §3.1, §3.2).
do
  local from = core.model
  local ACK, AE, CWR, ECE, OPTIONS_AFTER_END, OPTIONS_PAST_HEADER, OPTIONS_SHORT_LENGTH, OPTIONS_SOUND, SYN,
      Options = from.ACK, from.AE, from.CWR, from.ECE, from.OPTIONS_AFTER_END, from.OPTIONS_PAST_HEADER,
      from.OPTIONS_SHORT_LENGTH, from.OPTIONS_SOUND, from.SYN, from.Options
  local END = 0
  local NOP = 1
  local MSS = 2
  local WINDOW_SCALE = 3
  local SACK_PERMITTED = 4
  local SACK = 5
  local TIMESTAMPS = 8
  local MD5 = 19
  local USER_TIMEOUT = 28
  local AUTHENTICATION = 29
  local MPTCP = 30
  local FAST_OPEN = 34
  local ACCURATE_ECN_0 = 172
  local ACCURATE_ECN_1 = 174
  local EXPERIMENT_1 = 253
  local EXPERIMENT_2 = 254
  local LARGEST_SHIFT = 14

  -- core/options.py:45: Whether `length` is a defined length of this kind. Of an unknown kind every length is.
  local function length_fits(kind, length)
    if kind == MSS then return length == 4 end
    if kind == WINDOW_SCALE then return length == 3 end
    if kind == SACK_PERMITTED then return length == 2 end
    if kind == SACK then
      return length == 10 or length == 18 or length == 26 or length == 34
    end
    if kind == TIMESTAMPS then return length == 10 end
    if kind == MD5 then return length == 18 end
    if kind == USER_TIMEOUT then return length == 4 end
    if kind == AUTHENTICATION then return length >= 4 end
    if kind == MPTCP then return length >= 3 end
    if kind == FAST_OPEN then
      return length == 2 or ((6 <= length and length <= 18) and length % 2 == 0)
    end
    if kind == ACCURATE_ECN_0 or kind == ACCURATE_ECN_1 then
      return length == 2 or length == 5 or length == 8 or length == 11
    end
    return true
  end

  -- core/options.py:72: Whether an option of this kind may stand twice in one header.
  local function may_repeat(kind)
    return kind == MPTCP or kind == EXPERIMENT_1 or kind == EXPERIMENT_2
  end

  -- core/options.py:77: The 16-bit number at `offset`, network byte order.
  local function number16(data, offset)
    return byte(data, offset + 1) * 256 + byte(data, offset + 2)
  end

  -- core/options.py:82: The 32-bit number at `offset`, network byte order.
  local function number32(data, offset)
    return byte(data, offset + 1) * 16777216 + byte(data, offset + 2) * 65536 + byte(data, offset + 3) * 256 +
        byte(data, offset + 4)
  end

  -- core/options.py:87: Note the option at `offset`, whose octets are all there. Of two options of one kind the first
  -- counts.
  local function read_value(segment, options, data, offset, kind, length, fits)
    if fits and kind <= SACK_PERMITTED then
      if kind == MSS then
        if options.mss == -1 then options.mss = number16(data, offset + 2) end
      elseif kind == WINDOW_SCALE then
        if options.wscale == -1 then options.wscale = byte(data, offset + 3) end
      else
        options.sackok = true
      end
    elseif kind == FAST_OPEN then
      if options.tfo == -1 then options.tfo = length - 2 end
    elseif kind == EXPERIMENT_2 and length >= 4 and byte(data, offset + 3) == 249 and byte(data, offset + 4) == 137 then
      if options.tfo == -1 then options.tfo = length - 4 end
    elseif not fits then
      return
    elseif kind == SACK then
      if #options.sack == 0 then
        for edge = offset + 2, offset + length - 1, 4 do
          options.sack[#options.sack + 1] = number32(data, edge)
        end
      end
    elseif kind == TIMESTAMPS then
      if segment.tsval == -1 then
        segment.tsval = number32(data, offset + 2)
        segment.tsecr = number32(data, offset + 6)
      end
    elseif kind == MD5 then
      options.md5 = true
    elseif kind == AUTHENTICATION then
      options.ao = true
    elseif kind == MPTCP then
      if options.mptcp == -1 then options.mptcp = floor(byte(data, offset + 3) / 16) end
    elseif kind ~= USER_TIMEOUT and kind ~= ACCURATE_ECN_0 and kind ~= ACCURATE_ECN_1 then
      options.unknown[#options.unknown + 1] = kind
      if (kind == EXPERIMENT_1 or kind == EXPERIMENT_2) and options.experiment == -1 then
        options.experiment = -2
        if length >= 4 then options.experiment = number16(data, offset + 2) end
      end
    end
  end

  -- core/options.py:131: Whether damage may have made this header what it is, so that its checksum had better be
  -- verified.
  local function is_suspect(options, flags)
    if options.malformed ~= OPTIONS_SOUND or options.wrong_length >= 0 or options.duplicate >= 0 then
      return true
    end
    if band(flags, SYN) ~= 0 then
      if band(flags, ACK) ~= 0 and (band(flags, ECE) ~= 0 or band(flags, CWR) ~= 0 or band(flags, AE) ~= 0 or
          options.mptcp >= 0) then
        return true
      end
      if band(flags, AE) ~= 0 and (band(flags, ECE) == 0 or band(flags, CWR) == 0) then
        return true
      end
      return options.wscale > LARGEST_SHIFT or #options.sack > 0
    end
    if options.mss >= 0 or options.wscale >= 0 or options.sackok or options.tfo >= 0 then
      return true
    end
    return #options.unknown > 0
  end

  -- core/options.py:150: Whether data[start:stop] is nothing but zeros.
  local function zeros(data, start, stop)
    for position = start, stop - 1 do
      if byte(data, position + 1) ~= 0 then return false end
    end
    return true
  end

  -- core/options.py:158: The options at data[start:stop], of which only data[start:limit] was captured. Timestamps go
  -- to the segment.
  local function read_options(segment, data, start, stop, limit)
    local options = Options()
    local seen = {}
    local captured = stop
    if limit < stop then
      captured = limit
      options.complete = false
    end
    local offset = start
    while offset < captured do
      local kind = byte(data, offset + 1)
      if kind == NOP then
        offset = offset + 1
        goto next_167
      end
      if kind == END then
        if not zeros(data, offset + 1, captured) then options.malformed = OPTIONS_AFTER_END end
        break
      end
      if offset + 1 >= stop then
        options.malformed = OPTIONS_PAST_HEADER
        break
      end
      if offset + 1 >= captured then break end
      local length = byte(data, offset + 2)
      if length < 2 then
        options.malformed = OPTIONS_SHORT_LENGTH
        break
      end
      if offset + length > stop then
        options.malformed = OPTIONS_PAST_HEADER
        break
      end
      local fits = length_fits(kind, length)
      if not fits and options.wrong_length == -1 then options.wrong_length = kind end
      if seen[kind] ~= nil and not may_repeat(kind) then
        if options.duplicate == -1 then options.duplicate = kind end
      elseif offset + length <= captured then
        read_value(segment, options, data, offset, kind, length, fits)
      end
      seen[kind] = true
      offset = offset + length
      ::next_167::
    end
    return options
  end

  core.options = { END = END, NOP = NOP, MSS = MSS, WINDOW_SCALE = WINDOW_SCALE, SACK_PERMITTED = SACK_PERMITTED,
      SACK = SACK, TIMESTAMPS = TIMESTAMPS, MD5 = MD5, USER_TIMEOUT = USER_TIMEOUT, AUTHENTICATION = AUTHENTICATION,
      MPTCP = MPTCP, FAST_OPEN = FAST_OPEN, ACCURATE_ECN_0 = ACCURATE_ECN_0, ACCURATE_ECN_1 = ACCURATE_ECN_1,
      EXPERIMENT_1 = EXPERIMENT_1, EXPERIMENT_2 = EXPERIMENT_2, LARGEST_SHIFT = LARGEST_SHIFT,
      length_fits = length_fits, may_repeat = may_repeat, number16 = number16, number32 = number32,
      read_value = read_value, is_suspect = is_suspect, zeros = zeros, read_options = read_options }
end

-- core/zeek.py: Zeek's words: `history`, letter by letter as the segments pass, and `conn_state` from its states of
-- each end.
do
  local from = core.model
  local ACK, FIN, RST, SYN = from.ACK, from.FIN, from.RST, from.SYN
  from = core.sequence
  local MODULUS = from.MODULUS
  local write_control, is_clean, move, awake, took_back, is_empty, size
  local INACTIVE = 0
  local SYN_SENT = 1
  local SYN_ACK_SENT = 2
  local PARTIAL = 3
  local ESTABLISHED = 4
  local CLOSED = 5
  local RESET = 6
  local MOST_LETTERS = 200
  local CONTROL = 0x007

  -- core/zeek.py:23: One letter more, a capital for the originator.
  local function letter(tale, side, capital, small)
    if #tale.history < MOST_LETTERS then
      if side == tale.originator then
        tale.history[#tale.history + 1] = capital
      else
        tale.history[#tale.history + 1] = small
      end
    end
  end

  -- core/zeek.py:32: A letter for the first, the tenth, the hundredth … time.
  local function scaled(tale, side, capital, small, count)
    while count >= 10 and count % 10 == 0 do
      count = floor(count / 10)
    end
    if count == 1 then
      letter(tale, side, capital, small)
    end
  end

  -- core/zeek.py:40: Another state; the one before is remembered.
  local function enter(told, state)
    if told.state ~= state then
      told.before = told.state
      told.state = state
    end
  end

  -- core/zeek.py:47: A segment passes.
  local function write(tale, entry)
    local flags = entry.flags
    local side = entry.side
    local told = tale.ends[side + 1]
    local peer = tale.ends[2 - side]
    if entry.damaged then
      told.damaged = told.damaged + 1
      scaled(tale, side, "C", "c", told.damaged)
      return
    end
    if band(flags, CONTROL) ~= 0 then
      write_control(tale, told, entry)
    elseif entry.length > 0 then
      if not told.data then
        told.data = true
        letter(tale, side, "D", "d")
      end
    elseif band(flags, ACK) ~= 0 and not told.ack then
      told.ack = true
      letter(tale, side, "A", "a")
    end
    if entry.zero_window and band(flags, RST) == 0 and peer.state ~= CLOSED and told.state ~= RESET then
      told.zero_windows = told.zero_windows + 1
      scaled(tale, side, "W", "w", told.zero_windows)
    end
    if entry.repeated and band(flags, RST) == 0 and told.state ~= RESET then
      told.copies = told.copies + 1
      scaled(tale, side, "T", "t", told.copies)
    end
    if band(flags, CONTROL) ~= 0 or told.state == INACTIVE then
      move(told, peer, entry, side == tale.originator)
    end
    if entry.gaps > 0 and is_clean(told) and is_clean(peer) then
      for _hole = 0, entry.gaps - 1 do
        peer.gaps = peer.gaps + 1
        scaled(tale, 1 - side, "G", "g", peer.gaps)
      end
    end
  end

  -- core/zeek.py:80: The letter of a segment with SYN, FIN or RST. The same number as last time makes no new one.
  function write_control(tale, told, entry)
    local side = entry.side
    local control = band(entry.flags, CONTROL)
    if control == SYN then
      if told.syn ~= entry.seq then
        told.syn = entry.seq
        if band(entry.flags, ACK) ~= 0 then
          letter(tale, side, "H", "h")
        else
          letter(tale, side, "S", "s")
        end
      end
    elseif control == FIN then
      local number = (entry.seq + entry.length) % MODULUS
      if told.fin ~= number then
        told.fin = number
        letter(tale, side, "F", "f")
      end
    elseif control == RST then
      if told.rst ~= entry.seq then
        told.rst = entry.seq
        letter(tale, side, "R", "r")
      end
    elseif band(control, FIN) ~= 0 and band(control, RST) ~= 0 then
      if not told.inconsistent then
        told.inconsistent = true
        letter(tale, side, "I", "i")
      end
    elseif not told.mixed then
      told.mixed = true
      letter(tale, side, "Q", "q")
    end
  end

  -- core/zeek.py:109: Established, or closed from there.
  function is_clean(told)
    return told.state == ESTABLISHED or (told.state == CLOSED and told.before == ESTABLISHED)
  end

  -- core/zeek.py:114: The state of the sender, and what it says of its peer's.
  function move(told, peer, entry, originates)
    local flags = entry.flags
    local syn = band(flags, SYN) ~= 0
    local fin = band(flags, FIN) ~= 0
    local rst = band(flags, RST) ~= 0
    if told.state == INACTIVE then
      awake(told, peer, entry, originates)
    elseif told.state == SYN_SENT or told.state == SYN_ACK_SENT then
      if fin then
        enter(told, CLOSED)
      end
      if rst then
        enter(told, RESET)
      end
    elseif told.state == ESTABLISHED or told.state == PARTIAL then
      if syn and told.state == PARTIAL and peer.state == INACTIVE and band(flags, ACK) == 0 then
        enter(told, SYN_SENT)
      end
      if rst then
        enter(told, RESET)
      elseif fin then
        enter(told, CLOSED)
        if peer.state == RESET and peer.before == CLOSED then
          enter(peer, CLOSED)
        end
      end
    elseif told.state == CLOSED and rst and peer.state ~= CLOSED then
      enter(told, RESET)
    end
  end

  -- core/zeek.py:140: The first segment of an end.
  function awake(told, peer, entry, originates)
    local flags = entry.flags
    local ack = band(flags, ACK) ~= 0
    if band(flags, SYN) ~= 0 then
      if not originates then
        if peer.state == SYN_SENT then
          enter(peer, ESTABLISHED)
        end
        enter(told, ESTABLISHED)
      elseif ack then
        enter(told, SYN_ACK_SENT)
      else
        enter(told, SYN_SENT)
      end
    end
    if band(flags, FIN) ~= 0 then
      enter(told, CLOSED)
    end
    if band(flags, RST) ~= 0 then
      enter(told, RESET)
    end
    if told.state == INACTIVE then
      if not originates and entry.length == 0 and peer.state == SYN_SENT then return end
      if ack and peer.state == ESTABLISHED then
        enter(told, ESTABLISHED)
      else
        enter(told, PARTIAL)
      end
    end
  end

  -- core/zeek.py:166: One of Zeek's thirteen words.
  local function conn_state(tale, connection)
    local told = tale.ends[tale.originator + 1]
    local answer = tale.ends[2 - tale.originator]
    local silent = told.state == INACTIVE or told.state == PARTIAL
    local unanswered = answer.state == INACTIVE or answer.state == PARTIAL
    if answer.state == RESET then
      local asked = told.state == SYN_SENT or told.state == SYN_ACK_SENT
      if asked or (told.state == RESET and is_empty(connection)) then return "REJ" end
      if silent then return "RSTRH" end
      return "RSTR"
    end
    if told.state == RESET then
      if not unanswered then return "RSTO" end
      if took_back(tale.history) then return "RSTOS0" end
      return "OTH"
    end
    if told.state == CLOSED and answer.state == CLOSED then return "SF" end
    if told.state == CLOSED then
      if unanswered then return "SH" end
      return "S2"
    end
    if answer.state == CLOSED then
      if silent then return "SHR" end
      return "S3"
    end
    if told.state == SYN_SENT and answer.state == INACTIVE then return "S0" end
    if told.state == ESTABLISHED and answer.state == ESTABLISHED then return "S1" end
    return "OTH"
  end

  -- core/zeek.py:202: The originator sent SYN and then RST, and between them nothing that belongs to a connection.
  function took_back(history)
    local index = 0
    if #history > 0 and history[1] == "^" then index = 1 end
    if index >= #history or history[index + 1] ~= "S" then return false end
    while index + 1 < #history do
      index = index + 1
      local one = history[index + 1]
      if one == "R" then return true end
      if one == "H" or one == "A" or one == "F" or one == "G" or one == "I" or one == "Q" then
        return false
      end
    end
    return false
  end

  -- core/zeek.py:219: No octet of payload either way, by the numbers.
  function is_empty(connection)
    return size(connection.ends[1]) <= 0 and size(connection.ends[2]) <= 0
  end

  -- core/zeek.py:224: Octets of payload between the first and the last number of an end.
  function size(endpoint)
    if endpoint.nxt < 0 then return 0 end
    local octets = endpoint.nxt - endpoint.first
    if endpoint.iss >= 0 then octets = octets - 1 end
    if endpoint.closing.fin >= 0 then octets = octets - 1 end
    return octets
  end

  core.zeek = { INACTIVE = INACTIVE, SYN_SENT = SYN_SENT, SYN_ACK_SENT = SYN_ACK_SENT, PARTIAL = PARTIAL,
      ESTABLISHED = ESTABLISHED, CLOSED = CLOSED, RESET = RESET, MOST_LETTERS = MOST_LETTERS, CONTROL = CONTROL,
      letter = letter, scaled = scaled, enter = enter, write = write, write_control = write_control,
      is_clean = is_clean, move = move, awake = awake, conn_state = conn_state, took_back = took_back,
      is_empty = is_empty, size = size }
end

-- core/connection.py: What is remembered of one connection: its two ends, each with an opening and a closing.
do
  local from = core.model
  local SIDE_UNKNOWN, UNKNOWN = from.SIDE_UNKNOWN, from.UNKNOWN
  from = core.outside
  local Outside = from.Outside

  -- core/connection.py:16: The SYNs of one end: bare (`alone`) and with ACK (`answer`).
  local function Opening()
    return {
      alone_frame = 0,
      alone_time = 0,
      alone_last_frame = 0,
      alone_last_time = 0,
      alone_copies = 0,
      answer_frame = 0,
      answer_time = 0,
      answer_last_frame = 0,
      answer_last_time = 0,
      answer_copies = 0,
      answer_ack = -1,
      answer_good = false,
      other_iss = -1,
      flags = 0,
      length = 0,
      mss = -1,
      wscale = -1,
      window = -1,
      tsval = -1,
      tfo = -1,
      hop_limit = -1,
      offers = 0,
      ip_id = -1,
      gaps = {},
      answer_gaps = {},
      gap_frame = 0,
      provoked = false,
      late = false,
      multiplier = 1,
      suspects = nil,
    }
  end

  -- core/connection.py:52: A segment of an opening that a rule will judge at the end, in the light of what the peer
  -- answered.
  local function Suspect(code, frame, time, why, before)
    return {
      code = code,
      frame = frame,
      time = time,
      why = why,
      number = -1,
      copies = 1,
      proof = 0,
      mark = -1,
      before = before,
    }
  end

  -- core/connection.py:67: The FIN and the RST of one end.
  local function Closing()
    return {
      fin = -1,
      fin_end = -1,
      lowest_end = -1,
      frame = 0,
      time = 0,
      last_frame = 0,
      last_time = 0,
      copies = 0,
      min_ack = -1,
      no_ack = false,
      sure = false,
      tsval = -1,
      got = false,
      acked_frame = 0,
      acked_time = 0,
      combined = false,
      confirmed = false,
      half = nil,
      unheard = nil,
      rst_frame = 0,
      rst_time = 0,
      rst_last_frame = 0,
      rst_count = 0,
      rst_seq = -1,
      rst_ack = -1,
      rst_hit = false,
      rst_exact = false,
      rst_void = false,
      excess = nil,
      begun = -1,
    }
  end

  -- core/connection.py:103: New payload that an end sent after it had acknowledged its peer's FIN (RFC 9293 §3.6.1).
  local function HalfClose(frame)
    return {
      frame = frame,
      octets = 0,
      time = 0,
    }
  end

  -- core/connection.py:112: What the peer of an end that has sent its FIN repeats, until that end answers it.
  local function Unheard(number, fin, frame, time)
    return {
      number = number,
      fin = fin,
      frame = frame,
      last_frame = frame,
      last_time = time,
      copies = 1,
      refusals = 0,
    }
  end

  -- core/connection.py:125: An acknowledgment of more than there is in front of the FIN, until it is known whose fault
  -- it is.
  local function Excess(frame, beyond, right)
    return {
      frame = frame,
      beyond = beyond,
      right = right,
      proved = false,
    }
  end

  -- core/connection.py:135: One end: its numbers, its facts, and when it was last heard.
  local function End(side)
    return {
      side = side,
      opening = Opening(),
      closing = Closing(),
      iss = -1,
      iss_seen = false,
      first = -1,
      nxt = -1,
      seen = -1,
      data_end = -1,
      data_frame = 0,
      ackmax = -1,
      last_ack = -1,
      raw_window = -1,
      wmax = 0,
      gaps = {},
      hole_frame = 0,
      syn_sent = false,
      got_syn = false,
      syn_acked = false,
      fin_acked = false,
      got_fin = false,
      segments = 0,
      ordinary = 0,
      moved = false,
      last_frame = 0,
      last_time = 0,
      tsval = -1,
      state = UNKNOWN,
      far = nil,
      told = 0,
    }
  end

  -- core/connection.py:171: Segments of an end that agree with each other on a place far from its numbers.
  local function Far(seq)
    return {
      seq = seq,
      count = 1,
    }
  end

  -- core/connection.py:179: One incarnation of an address and port pair.
  local function Connection(number, chain, outside_words)
    local self = {
      number = number,
      chain = chain,
      ends = {End(0), End(1)},
      first_frame = 0,
      first_time = 0,
      last_frame = 0,
      last_time = 0,
      segments = 0,
      first_side = 0,
      calm = false,
      orderly = false,
      third_frame = 0,
      third_time = 0,
      early_ack = false,
      retry_of = -1,
      reuse_of = -1,
      superseded = false,
      quote = nil,
      removed_numbers = true,
      lone_acks = 0,
      lone_side = SIDE_UNKNOWN,
      completeness = 0,
      outside = nil,
    }
    if outside_words then self.outside = Outside() end
    self.findings = {}
    self.before = nil
    self.after = nil
    self.listed = false
    self.truncated = false
    self.breaks = 0
    self.strange = 0
    return self
  end

  -- core/connection.py:217: What stays of an incarnation that is gone: enough to recognise its late segments. Raw
  -- numbers.
  local function Past(number, time)
    return {
      number = number,
      time = time,
      low0 = -1,
      high0 = -1,
      low1 = -1,
      high1 = -1,
      tsval0 = -1,
      tsval1 = -1,
      closer = SIDE_UNKNOWN,
      orderly = false,
      reset = false,
      window0 = 0,
      window1 = 0,
      breaks = 0,
    }
  end

  -- core/connection.py:241: All incarnations on one address and port pair: one current, at most one pending, a little
  -- of the past.
  local function Chain(key, reverse)
    return {
      key = key,
      reverse = reverse,
      current = nil,
      pending = nil,
      again = nil,
      past = {},
      fresh = false,
    }
  end

  -- core/connection.py:254: One segment in the light of the connection it belongs to. Filled anew for each segment;
  -- rules read it.
  local function Arrival()
    return {
      engine = nil,
      segment = nil,
      connection = nil,
      own = nil,
      peer = nil,
      side = 0,
      frame = 0,
      time = 0,
      flags = 0,
      has_ack = false,
      syn = false,
      fin = false,
      rst = false,
      length = 0,
      seq = -1,
      ack = -1,
      right = -1,
      new = false,
      seq_near = false,
      ack_near = false,
      ack_far = false,
      foreign = false,
      delayed = false,
      counts = false,
      committed = false,
      displaced = -1,
      fired = {},
      fresh = {},
    }
  end

  core.connection = { Opening = Opening, Suspect = Suspect, Closing = Closing, HalfClose = HalfClose, Unheard = Unheard,
      Excess = Excess, End = End, Far = Far, Connection = Connection, Past = Past, Chain = Chain, Arrival = Arrival }
end

-- core/decoder.py: What the decoder keeps from frame to frame, and the cursor with which it walks through one.
do
  local from = core.fragments
  local FragmentTable = from.FragmentTable
  from = core.model
  local Options = from.Options
  from = core.skips
  local MALFORMED, TOO_DEEP, TRUNCATED = from.MALFORMED, from.TOO_DEEP, from.TRUNCATED
  local LOOK = 512
  local MAX_LINKS = 4096
  local MAX_SUMS = 4096
  local LAYER_ETHERNET = 100
  local LAYER_VLAN = 101
  local LAYER_LLC = 102
  local LAYER_SLL = 103
  local LAYER_SLL2 = 104
  local LAYER_LOOPBACK = 105
  local LAYER_PPP = 106
  local LAYER_PPPOE = 107
  local LAYER_MPLS = 108
  local LAYER_IP = 109
  local LAYER_EXTENSION = 110
  local LAYER_GRE = 111
  local LAYER_UDP = 112
  local LAYER_ICMP = 114
  local LAYER_ICMP6 = 115
  local LAYER_TCP = 116

  -- core/decoder.py:41: The state of one capture. `segment` or `quote` is the result of the last frame that had one.
  local function Decoder()
    return {
      segment = nil,
      quote = nil,
      no_options = Options(),
      fragments = FragmentTable(),
      tcp_offset = -1,
      tcp_length = 0,
      links = {},
      tunnels = {},
      link_count = 0,
      sums = {},
      sum_count = 0,
      frame = 0,
      time = 0,
      interface = 0,
      data = nil,
      offset = 0,
      limit = 0,
      captured = 0,
      whole = true,
      link = 0,
      version = 0,
      addresses = nil,
      protocol = 0,
      payload = 0,
      offload = false,
      ip_id = -1,
      hop_limit = -1,
      ecn = 0,
      assembled = false,
      quoting = false,
      icmp_version = 4,
      icmp_type = -1,
      icmp_code = -1,
      icmp_hop_limit = -1,
    }
  end

  -- core/decoder.py:84: The skip for a header that does not fit in front of decoder.limit.
  local function cut(decoder)
    if decoder.captured > decoder.limit then return TOO_DEEP end
    if decoder.whole then return MALFORMED end
    return TRUNCATED
  end

  -- core/decoder.py:93: Let the packet stop at `stop`, as a length field says. Whatever lies behind is padding.
  local function bound(decoder, stop)
    if stop > decoder.captured then
      decoder.whole = false
      return
    end
    decoder.captured = stop
    decoder.whole = true
    if stop < decoder.limit then decoder.limit = stop end
  end

  -- core/decoder.py:104: The number of a pair of link addresses (raw octets, in the order of the frame), from 1; 0 when
  -- out of numbers.
  local function number_link(decoder, addresses)
    local link = decoder.links[addresses]
    if link == nil then
      if decoder.link_count >= MAX_LINKS then return 0 end
      decoder.link_count = decoder.link_count + 1
      link = decoder.link_count
      decoder.links[addresses] = link
    end
    return link
  end

  -- core/decoder.py:116: Renumber the link: it is the one inside the present link behind a tag of this kind (0 to 15)
  -- and 32-bit value.
  local function nest_link(decoder, kind, value)
    local tag = (decoder.link * 16 + kind) * 4294967296 + value
    local link = decoder.tunnels[tag]
    if link == nil then
      if decoder.link_count >= MAX_LINKS then
        decoder.link = 0
        return
      end
      decoder.link_count = decoder.link_count + 1
      link = decoder.link_count
      decoder.tunnels[tag] = link
    end
    decoder.link = link
  end

  core.decoder = { LOOK = LOOK, MAX_LINKS = MAX_LINKS, MAX_SUMS = MAX_SUMS, LAYER_ETHERNET = LAYER_ETHERNET,
      LAYER_VLAN = LAYER_VLAN, LAYER_LLC = LAYER_LLC, LAYER_SLL = LAYER_SLL, LAYER_SLL2 = LAYER_SLL2,
      LAYER_LOOPBACK = LAYER_LOOPBACK, LAYER_PPP = LAYER_PPP, LAYER_PPPOE = LAYER_PPPOE, LAYER_MPLS = LAYER_MPLS,
      LAYER_IP = LAYER_IP, LAYER_EXTENSION = LAYER_EXTENSION, LAYER_GRE = LAYER_GRE, LAYER_UDP = LAYER_UDP,
      LAYER_ICMP = LAYER_ICMP, LAYER_ICMP6 = LAYER_ICMP6, LAYER_TCP = LAYER_TCP, Decoder = Decoder, cut = cut,
      bound = bound, number_link = number_link, nest_link = nest_link }
end

-- core/duplicate.py: Frames that the capture holds twice (mirror ports, VLAN in and out, two interfaces).
do
  local from = core.seen
  local ACKNOWLEDGED, FLAGS, HOP_LIMIT, IDENTIFICATION, INTERFACE, KEY, LENGTH, LINK, TIME, TSECR, TSVAL, WINDOW_FIELD,
      mark_of, seen_of = from.ACKNOWLEDGED, from.FLAGS, from.HOP_LIMIT, from.IDENTIFICATION, from.INTERFACE, from.KEY,
      from.LENGTH, from.LINK, from.TIME, from.TSECR, from.TSVAL, from.WINDOW_FIELD, from.mark_of, from.seen_of
  local remember
  local GENERATION = 512
  local WINDOW = 5000
  local HOP_WINDOW = 20000
  local BLIND_WINDOW = 1000
  local TAKES_NUMBER = 0x003

  -- core/duplicate.py:38: The last segments, in two generations: when the young one is full, the old one is forgotten.
  local function Recent()
    return {
      young = {},
      count = 0,
      old = {},
    }
  end

  -- core/duplicate.py:44: A new generation begins.
  local function turn(recent)
    recent.count = 0
    recent.old = recent.young
    recent.young = {}
  end

  -- core/duplicate.py:51: Remember the segment.
  local function keep(recent, segment)
    remember(recent, mark_of(segment), seen_of(segment))
  end

  -- core/duplicate.py:56: Remember a segment by what core/seen makes of it.
  function remember(recent, mark, seen)
    recent.count = recent.count + 1
    recent.young[mark] = seen
    if recent.count >= GENERATION then
      turn(recent)
    end
  end

  -- core/duplicate.py:64: A segment with this mark was met before.
  local function is_met(recent, mark)
    return recent.young[mark] ~= nil or recent.old[mark] ~= nil
  end

  -- core/duplicate.py:69: What was kept of a segment with this sequence number and checksum, or None.
  local function original(recent, segment)
    local mark = mark_of(segment)
    local first = recent.young[mark]
    if first == nil then first = recent.old[mark] end
    return first
  end

  -- core/duplicate.py:78: Whether the capture holds this very segment already.
  local function is_copy(recent, segment)
    local first = original(recent, segment)
    if first == nil or first[KEY + 1] ~= segment.key or first[FLAGS + 1] ~= segment.flags then
      return false
    end
    if first[ACKNOWLEDGED + 1] ~= segment.ack or first[LENGTH + 1] ~= segment.length then
      return false
    end
    if first[WINDOW_FIELD + 1] ~= segment.window or first[IDENTIFICATION + 1] ~= segment.ip_id then
      return false
    end
    if first[TSVAL + 1] ~= segment.tsval or first[TSECR + 1] ~= segment.tsecr then
      return false
    end
    local gap = segment.time - first[TIME + 1]
    if gap < 0 then gap = -gap end
    local drop = first[HOP_LIMIT + 1] - segment.hop_limit
    local bare = segment.length == 0 and band(segment.flags, TAKES_NUMBER) == 0
    if segment.ip_id <= 0 or (bare and #segment.key > 12) then
      return gap < BLIND_WINDOW and (-4 <= drop and drop <= 4)
    end
    if drop == 0 and first[LINK + 1] == segment.link and first[INTERFACE + 1] == segment.interface then
      return gap <= WINDOW
    end
    return gap <= HOP_WINDOW and (-4 <= drop and drop <= 4)
  end

  core.duplicate = { GENERATION = GENERATION, WINDOW = WINDOW, HOP_WINDOW = HOP_WINDOW, BLIND_WINDOW = BLIND_WINDOW,
      TAKES_NUMBER = TAKES_NUMBER, Recent = Recent, turn = turn, keep = keep, remember = remember, is_met = is_met,
      original = original, is_copy = is_copy }
end

-- core/step.py: The name of the step that a segment is in the opening or the close, as a textbook numbers them.
do
  local from = core.evidence
  local fin_first = from.fin_first
  local name_ack_of_fin, name_fin

  -- core/step.py:11: A number counted from the initial number of `endpoint`, or from the first that is known of it.
  local function relative(number, endpoint)
    if endpoint.first >= 0 then return number - endpoint.first end
    return 0
  end

  -- core/step.py:18: Name the segment by the facts known after it.
  local function name_step(arrival, step)
    local own = arrival.own
    local peer = arrival.peer
    step.again = false
    if arrival.rst then
      step.name = "reset"
      step.again = own.closing.rst_count > 1
    elseif arrival.syn and arrival.has_ack then
      step.name = "handshake-2"
      step.again = own.opening.answer_copies > 1
    elseif arrival.syn then
      step.name = "handshake-1"
      step.again = own.opening.alone_copies > 1
    elseif arrival.fin then
      name_fin(own, peer, step)
    elseif arrival.frame == arrival.connection.third_frame then
      step.name = "handshake-3"
    elseif arrival.has_ack and peer.closing.acked_frame == arrival.frame then
      name_ack_of_fin(own, peer, step)
    elseif arrival.length > 0 then
      step.name = "data"
      if arrival.length == 1 and arrival.right == own.nxt and own.moved and not arrival.new then
        step.name = "keep-alive"
      end
    elseif arrival.has_ack and arrival.seq == own.nxt - 1 and own.closing.fin < 0 and own.segments > 2 then
      step.name = "keep-alive"
    else
      step.name = "ack"
      step.again = peer.closing.fin >= 0 and arrival.ack >= peer.closing.fin_end
    end
  end

  -- core/step.py:49: Step 4, or 2 when it answers the first FIN.
  function name_ack_of_fin(own, peer, step)
    step.name = "close-4"
    if fin_first(peer, own) == 1 then step.name = "close-2" end
  end

  -- core/step.py:56: Step 1, 3, or 2 and 3 in one.
  function name_fin(own, peer, step)
    step.again = own.closing.copies > 1
    step.name = "close-1"
    if peer.closing.fin >= 0 and fin_first(own, peer) == 0 then
      step.name = "close-3"
      if peer.closing.combined and peer.closing.acked_frame == own.closing.frame then
        step.name = "close-2+3"
      end
    end
  end

  core.step = { relative = relative, name_step = name_step, name_ack_of_fin = name_ack_of_fin, name_fin = name_fin }
end

-- core/distance.py: How far the point of capture is from an end, so far as the opening tells.
do
  local from = core.model
  local OBSERVED = from.OBSERVED
  from = core.note
  local known = from.known
  local NEAR_PART = 10

  -- core/distance.py:15: µs from the tap to this end and back; -1 when a step of the opening is missing or was
  -- repeated.
  local function leg(connection, side)
    local own = connection.ends[side + 1].opening
    local peer = connection.ends[2 - side].opening
    local spent = -1
    if own.alone_frame > 0 and peer.alone_frame > 0 then return -1 end
    if own.alone_frame > 0 and peer.answer_copies == 1 and connection.third_frame > 0 then
      spent = connection.third_time - peer.answer_time
    elseif own.answer_frame > 0 and peer.alone_copies == 1 then
      spent = own.answer_time - peer.alone_time
    end
    if spent < 0 then return -1 end
    return spent
  end

  -- core/distance.py:31: NEAR: the tap stands close to this end, or on its very machine, where checksums are still to
  -- be finished.
  local function near(connection, side)
    if known(connection.findings, "CA009", "partial-checksum", OBSERVED, "", side) ~= nil then
      return true
    end
    local own = leg(connection, side)
    local other = leg(connection, 1 - side)
    return own >= 0 and other >= 0 and own * NEAR_PART < own + other
  end

  core.distance = { NEAR_PART = NEAR_PART, leg = leg, near = near }
end

-- core/outcome.py: What became of a connection: the outcome of its opening and of its close, one word each.
do
  local from = core.evidence
  local active_closer, both_fins_acked = from.active_closer, from.both_fins_acked
  from = core.note
  local ran = from.ran
  local opened_by_client, quoted_side, is_refusal, weight, both_sent_bare_syns, after_one_fin, after_both_fins
  local SETTLED = 3000000

  -- core/outcome.py:13: Segments that are neither SYN nor RST.
  local function other_segments(endpoint)
    return endpoint.segments - endpoint.opening.alone_copies - endpoint.opening.answer_copies -
        endpoint.closing.rst_count
  end

  -- core/outcome.py:20: One of the words of the opening (three-way, simultaneous, split, refused, …).
  local function handshake_outcome(ending)
    local connection = ending.connection
    local a = ending.opener
    local b = ending.answerer
    if connection.chain.key == connection.chain.reverse then return "stray" end
    if a.opening.alone_frame > 0 and b.opening.alone_frame > 0 then
      return both_sent_bare_syns(ending)
    end
    if a.opening.alone_frame > 0 then return opened_by_client(ending) end
    if a.opening.answer_frame > 0 or b.opening.answer_frame > 0 then
      if other_segments(a) > 0 or other_segments(b) > 0 then return "partial" end
      return "synack-only"
    end
    if a.ackmax >= 0 and b.ackmax >= 0 then return "mid-stream" end
    if (a.ackmax >= 0 and a.moved) or (b.ackmax >= 0 and b.moved) then
      return "mid-stream"
    end
    return "stray"
  end

  -- core/outcome.py:42: The client's SYN was captured, no bare SYN of the server.
  function opened_by_client(ending)
    local connection = ending.connection
    local a = ending.opener
    local b = ending.answerer
    if b.opening.answer_frame > 0 then
      if a.got_syn then return "three-way" end
      if other_segments(a) > 0 or other_segments(b) > 0 then return "partial" end
      if a.closing.rst_frame > 0 then return "reset-by-initiator" end
      if not b.opening.answer_good then return "unanswered" end
      return "half-open"
    end
    if a.got_syn or (b.got_syn and other_segments(b) > 0) then return "partial" end
    if b.closing.rst_hit then return "refused" end
    if b.segments == 0 and connection.quote ~= nil and quoted_side(connection) == ending.client then
      if is_refusal(connection.quote) then return "refused-icmp" end
    end
    if connection.superseded and b.segments == 0 then return "superseded" end
    if a.closing.rst_frame > 0 and b.segments == 0 then return "cancelled" end
    return "unanswered"
  end

  -- core/outcome.py:71: Whose segment the ICMP error quotes.
  function quoted_side(connection)
    if connection.quote.key == connection.chain.key then return 0 end
    return 1
  end

  -- core/outcome.py:78: An ICMP error that speaks against an attempt (RFC 9293 §3.9.2.2).
  function is_refusal(quote)
    if quote.version == 4 then
      return (quote.type == 3 and quote.code ~= 4) or quote.type == 11 or quote.type == 12
    end
    return quote.type == 1 or quote.type == 3 or quote.type == 4
  end

  -- core/outcome.py:88: A hard error (SHLD-26): protocol or port unreachable; in IPv6 port unreachable.
  local function is_hard(quote)
    if quote.version == 4 then
      return quote.type == 3 and (quote.code == 2 or quote.code == 3)
    end
    return quote.type == 1 and quote.code == 4
  end

  -- core/outcome.py:95: An ICMP error tells more than the one before: a hard one, or one that shows which SYN it is
  -- about.
  local function outranks(quote, other)
    return weight(quote) > weight(other)
  end

  -- core/outcome.py:100: 0 speaks of no refusal, 1 perhaps of another SYN, 2 a soft error, 3 a hard one.
  function weight(quote)
    if not is_refusal(quote) then return 0 end
    if quote.seq < 0 then return 1 end
    if is_hard(quote) then return 3 end
    return 2
  end

  -- core/outcome.py:111: Simultaneous open, or a split handshake; told apart by what the second SYN's sender knew when
  -- it sent it.
  function both_sent_bare_syns(ending)
    local a = ending.opener
    local b = ending.answerer
    if not (a.got_syn and b.got_syn) then
      if other_segments(a) > 0 or other_segments(b) > 0 then return "partial" end
      return "half-open"
    end
    if ending.connection.early_ack then return "split" end
    if a.opening.answer_frame > 0 and b.opening.answer_frame == 0 then
      local crossing = b.opening.alone_time - a.opening.alone_time
      local round_trip = ending.connection.third_time - a.opening.answer_time
      if ending.connection.third_frame > 0 and crossing >= round_trip then return "split" end
    end
    return "simultaneous"
  end

  -- core/outcome.py:129: Whether the outcome of the opening says what happened, rather than what the capture lacks.
  local function handshake_decided(ending)
    local word = ending.handshake
    if word == "unanswered" then
      return ran(ending, ending.opener.opening.alone_last_time, SETTLED) and not ending.one_way_capture
    end
    if word == "half-open" then
      local repeated = ending.answerer.opening.answer_gaps
      if #repeated == 0 or repeated[#repeated] < 0 then return false end
      return ran(ending, ending.connection.last_time, SETTLED)
    end
    return not (word == "synack-only" or word == "partial" or word == "mid-stream" or word == "stray")
  end

  -- core/outcome.py:142: The opening led, or must have led, to a connection that can be closed.
  local function was_established(word)
    return word == "three-way" or word == "simultaneous" or word == "split" or word == "partial" or word == "mid-stream"
  end

  -- core/outcome.py:147: This end reset the connection, and nothing showed that the RST was not its own.
  local function live_reset(endpoint)
    return endpoint.closing.rst_frame > 0 and not endpoint.closing.rst_void
  end

  -- core/outcome.py:152: µs after which a FIN would have been repeated had its ACK not come: max(3 s, 6 RTT).
  local function patience(ending)
    local wait = 6 * ending.rtt
    if wait < SETTLED then wait = SETTLED end
    return wait
  end

  -- core/outcome.py:160: Both FINs were sent, that of the peer was acknowledged, own's was not: own is in LAST-ACK or
  -- CLOSING.
  local function last_ack_unseen(ending, own, peer)
    return own.closing.fin >= 0 and peer.closing.fin >= 0 and not own.fin_acked and peer.fin_acked
  end

  -- core/outcome.py:165: The FIN was sent once and, though the capture ran on, never again: its ACK arrived unseen.
  local function infers_last_ack(ending, own)
    return own.closing.copies == 1 and ran(ending, own.closing.last_time, patience(ending))
  end

  -- core/outcome.py:170: One of the words of the close (four-way, three-segment, simultaneous, abort, …).
  local function teardown_outcome(ending)
    if not was_established(ending.handshake) then
      if ending.handshake == "stray" then return "unknown" end
      return "not-applicable"
    end
    local zero = ending.connection.ends[1]
    local one = ending.connection.ends[2]
    if zero.closing.fin >= 0 and one.closing.fin >= 0 then
      return after_both_fins(ending, zero, one)
    end
    if zero.closing.fin >= 0 then return after_one_fin(zero, one) end
    if one.closing.fin >= 0 then return after_one_fin(one, zero) end
    if live_reset(zero) and live_reset(one) then return "abort-both" end
    if live_reset(zero) or live_reset(one) then return "abort" end
    return "none"
  end

  -- core/outcome.py:191: Only `own` has sent a FIN.
  function after_one_fin(own, peer)
    if live_reset(own) then return "rst-after-fin" end
    if live_reset(peer) then return "abort" end
    if own.fin_acked then return "unfinished-F2" end
    return "unfinished-F1"
  end

  -- core/outcome.py:202: Both ends have sent a FIN.
  function after_both_fins(ending, zero, one)
    if live_reset(zero) or live_reset(one) then
      local last_fin = zero.closing.frame
      if one.closing.frame > last_fin then last_fin = one.closing.frame end
      local first_rst = zero.closing.rst_last_frame
      if first_rst == 0 or 0 < one.closing.rst_last_frame and one.closing.rst_last_frame < first_rst then
        first_rst = one.closing.rst_last_frame
      end
      if first_rst < last_fin then return "rst-after-fin" end
      return "rst-after-both-fins"
    end
    if not both_fins_acked(ending.connection) then
      if last_ack_unseen(ending, zero, one) then
        ending.last_ack_inferred = infers_last_ack(ending, zero)
      elseif last_ack_unseen(ending, one, zero) then
        ending.last_ack_inferred = infers_last_ack(ending, one)
      else
        return "unfinished-F1"
      end
      if not ending.last_ack_inferred then return "unfinished-LA" end
    end
    if ending.closer == 2 then return "simultaneous" end
    if ending.closer < 0 then return "orderly-unknown" end
    if ending.connection.ends[ending.closer + 1].closing.combined then
      return "three-segment"
    end
    return "four-way"
  end

  -- core/outcome.py:232: Whether the outcome of the close says what happened, rather than what the capture lacks.
  local function teardown_decided(ending)
    local word = ending.teardown
    if word == "unfinished-LA" then
      local zero = ending.connection.ends[1]
      local one = ending.connection.ends[2]
      if zero.fin_acked then return ran(ending, one.closing.last_time, patience(ending)) end
      return ran(ending, zero.closing.last_time, patience(ending))
    end
    return not (word == "unfinished-F1" or word == "unfinished-F2" or word == "none" or word == "unknown")
  end

  -- core/outcome.py:247: Fill in client, round-trip time, outcomes and closer.
  local function prepare(ending)
    local connection = ending.connection
    ending.closer = active_closer(connection)
    local a = ending.opener
    local b = ending.answerer
    if a.opening.alone_frame > 0 and b.opening.answer_frame > 0 and connection.third_frame > 0 then
      local first = b.opening.answer_time - a.opening.alone_time
      local second = connection.third_time - b.opening.answer_time
      if first >= 0 and second >= 0 then ending.rtt = first + second end
    end
    ending.handshake = handshake_outcome(ending)
    ending.teardown = teardown_outcome(ending)
  end

  core.outcome = { SETTLED = SETTLED, other_segments = other_segments, handshake_outcome = handshake_outcome,
      opened_by_client = opened_by_client, quoted_side = quoted_side, is_refusal = is_refusal, is_hard = is_hard,
      outranks = outranks, weight = weight, both_sent_bare_syns = both_sent_bare_syns,
      handshake_decided = handshake_decided, was_established = was_established, live_reset = live_reset,
      patience = patience, last_ack_unseen = last_ack_unseen, infers_last_ack = infers_last_ack,
      teardown_outcome = teardown_outcome, after_one_fin = after_one_fin, after_both_fins = after_both_fins,
      teardown_decided = teardown_decided, prepare = prepare }
end

-- core/rules/address.py: FL012: addresses and ports between which no connection can be (RFC 9293 §3.9.2.3, RFC 1122
-- §4.2.3.10).
do
  local from = core.model
  local HANDSHAKE, SIDE_UNKNOWN, VIOLATES = from.HANDSHAKE, from.SIDE_UNKNOWN, from.VIOLATES
  from = core.note
  local conclude, leaves_open = from.conclude, from.leaves_open
  local what_is_4, judge_addresses, by_source_of, judge_answer
  local NOTHING = 0
  local GROUP = 1
  local NOBODY = 2
  local ITSELF = 3

  -- core/rules/address.py:17: NOTHING for an ordinary address at key[start:], else what it is.
  local function what_is(key, start, size)
    if size == 4 then return what_is_4(key, start) end
    if byte(key, start + 1) == 255 then return GROUP end
    local index = start
    while index < start + 15 do
      if byte(key, index + 1) ~= 0 then return NOTHING end
      index = index + 1
    end
    if byte(key, index + 1) == 0 then return NOBODY end
    if byte(key, index + 1) == 1 then return ITSELF end
    return NOTHING
  end

  -- core/rules/address.py:35: An IPv4 address that begins with this octet is one of a host, neither unspecified,
  -- loopback nor of many.
  local function is_host_4(first)
    return 0 < first and first < 127 or 127 < first and first < 224
  end

  -- core/rules/address.py:40: The same for IPv4.
  function what_is_4(key, start)
    local first = byte(key, start + 1)
    if 224 <= first and first <= 239 then return GROUP end
    if first == 255 and byte(key, start + 2) == 255 and byte(key, start + 3) == 255 and byte(key, start + 4) == 255 then
      return GROUP
    end
    if first == 0 then return NOBODY end
    if first == 127 then return ITSELF end
    return NOTHING
  end

  -- core/rules/address.py:54: FL012: the SYNs of a connection, and who answered them.
  local function invalid_endpoint_address(ending)
    local key = ending.connection.chain.key
    local size = floor((#key - 4) / 2)
    local ports = 2 * size
    if size == 4 and is_host_4(byte(key, 1)) and is_host_4(byte(key, size + 1)) then
      if byte(key, ports + 1) + byte(key, ports + 2) > 0 and byte(key, ports + 3) + byte(key, ports + 4) > 0 then
        return
      end
    end
    local zero = what_is(key, 0, size)
    local one = what_is(key, size, size)
    for _, endpoint in ipairs(ending.connection.ends) do
      local source = zero
      local target = one
      if endpoint.side == 1 then
        source = one
        target = zero
      end
      local frame = endpoint.opening.alone_frame
      if frame > 0 then
        judge_addresses(ending, frame, source, target)
        if byte(key, ports + 1) + byte(key, ports + 2) == 0 or byte(key, ports + 3) + byte(key, ports + 4) == 0 then
          by_source_of(ending, "port-zero", frame)
        end
      end
      if target == GROUP then
        judge_answer(ending, endpoint, ending.connection.ends[2 - endpoint.side])
      end
    end
  end

  -- core/rules/address.py:79: The SYN in this frame.
  function judge_addresses(ending, frame, source, target)
    if source == GROUP or source == NOBODY or (source == ITSELF and target ~= ITSELF) then
      by_source_of(ending, "bad-source", frame)
    end
    if target == GROUP then
      by_source_of(ending, "bad-destination", frame)
    end
  end

  -- core/rules/address.py:87: A fault of whoever sent that frame.
  function by_source_of(ending, kind, frame)
    conclude(ending, HANDSHAKE, "FL012", kind, VIOLATES, "", SIDE_UNKNOWN, frame, 0, -1, -1)
  end

  -- core/rules/address.py:92: A SYN-ACK or a RST in the name of a group.
  function judge_answer(ending, asker, answerer)
    local opening = answerer.opening
    local asked = asker.opening.alone_frame
    if opening.answer_frame > 0 then
      if asked == 0 then
        leaves_open(ending, HANDSHAKE, "FL012", "answered", "mid-stream", answerer.side, opening.answer_frame, 0, -1,
            -1)
      elseif opening.answer_good then
        conclude(ending, HANDSHAKE, "FL012", "answered", VIOLATES, "", answerer.side, opening.answer_frame, asked, -1,
            -1)
      end
    elseif asked > 0 and answerer.closing.rst_hit and not asker.got_syn then
      local frame = answerer.closing.rst_frame
      conclude(ending, HANDSHAKE, "FL012", "answered", VIOLATES, "", answerer.side, frame, asked, -1, -1)
    end
  end

  core.rules.address = { NOTHING = NOTHING, GROUP = GROUP, NOBODY = NOBODY, ITSELF = ITSELF, what_is = what_is,
      is_host_4 = is_host_4, what_is_4 = what_is_4, invalid_endpoint_address = invalid_endpoint_address,
      judge_addresses = judge_addresses, by_source_of = by_source_of, judge_answer = judge_answer }
end

-- core/rules/capture_end.py: CA: what the capture lacks, seen from its end.
do
  local from = core.evidence
  local has_hole = from.has_hole
  from = core.model
  local INCONCLUSIVE, OTHER = from.INCONCLUSIVE, from.OTHER
  from = core.note
  local notes = from.notes

  -- core/rules/capture_end.py:8: CA002: some rule waited for an answer and the capture stopped first.
  local function capture_ends_early(ending)
    for _, finding in ipairs(ending.findings) do
      if finding.verdict == INCONCLUSIVE and finding.why == "capture-end" then
        local waited = ending.end_time - ending.connection.last_time
        notes(ending, OTHER, "CA002", "cut", -1, ending.connection.last_frame, finding.frame, waited, -1)
        return
      end
    end
  end

  -- core/rules/capture_end.py:17: CA004: numbers that were passed over and never captured.
  local function sequence_gap(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      if has_hole(endpoint) then
        local missing = 0
        local index = 0
        while index < #endpoint.gaps do
          missing = missing + (endpoint.gaps[index + 2] - endpoint.gaps[index + 1])
          index = index + 2
        end
        notes(ending, OTHER, "CA004", "gap", endpoint.side, endpoint.hole_frame, 0, missing, floor(#endpoint.gaps / 2))
      end
    end
  end

  -- core/rules/capture_end.py:31: CA005: one end is never heard, yet the other's numbers show that it answers.
  local function one_way_capture(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      if peer.segments == 0 and endpoint.moved and endpoint.ackmax >= 0 then
        notes(ending, OTHER, "CA005", "one-way", endpoint.side, endpoint.last_frame, 0, endpoint.segments, -1)
      end
    end
  end

  core.rules.capture_end = { capture_ends_early = capture_ends_early, sequence_gap = sequence_gap,
      one_way_capture = one_way_capture }
end

-- core/rules/filtered.py: CA011: a capture that was filtered or sampled, seen from all its connections together.
do
  local from = core.evidence
  local has_hole = from.has_hole
  from = core.model
  local OTHER = from.OTHER
  from = core.note
  local notes = from.notes
  local ENOUGH_CLOSES = 3
  local ENOUGH_HOLES = 3

  -- core/rules/filtered.py:16: CA011: nothing but SYN, FIN and RST in the whole capture, or holes in more than half of
  -- its connections.
  local function filtered_capture(ending)
    local census = ending.engine.census
    local connection = ending.connection
    local zero = connection.ends[1]
    local one = connection.ends[2]
    if not census.plain_seen and census.closes >= ENOUGH_CLOSES and (zero.closing.fin >= 0 or one.closing.fin >= 0) then
      notes(ending, OTHER, "CA011", "control-only", -1, connection.last_frame, 0, census.closes, -1)
    end
    if (has_hole(zero) or has_hole(one)) and census.holed >= ENOUGH_HOLES then
      if 2 * census.holed > ending.engine.next_number then
        local number = ending.engine.next_number
        notes(ending, OTHER, "CA011", "sampled", -1, connection.last_frame, 0, census.holed, number)
      end
    end
  end

  core.rules.filtered = { ENOUGH_CLOSES = ENOUGH_CLOSES, ENOUGH_HOLES = ENOUGH_HOLES,
      filtered_capture = filtered_capture }
end

-- core/rules/header.py: FL: control bits and header. The subject is the source of the packet: scanners like to wear
-- others' addresses.
do
  local from = core.evidence
  local SCAN_FIT, damaged, stranger = from.SCAN_FIT, from.damaged, from.stranger
  from = core.model
  local CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNKNOWN, FIN, INCONCLUSIVE, RESERVED, SIDE_UNKNOWN, SYN,
      VIOLATES = from.CHECKSUM_BAD, from.CHECKSUM_GOOD, from.CHECKSUM_UNKNOWN, from.FIN, from.INCONCLUSIVE,
      from.RESERVED, from.SIDE_UNKNOWN, from.SYN, from.VIOLATES
  from = core.note
  local add, observed, phase_of_header, undecided, violates = from.add, from.observed, from.phase_of_header,
      from.undecided, from.violates
  from = core.sequence
  local between = from.between
  local is_loopback
  local CONTROL_BITS = 0x03F
  local XMAS = 0x029

  -- core/rules/header.py:22: A fault of whoever sent this packet; of nobody when the packet is damaged.
  local function by_source(arrival, code, kind)
    if damaged(arrival) then
      add(arrival, phase_of_header(arrival), code, kind, INCONCLUSIVE, "third-party", SIDE_UNKNOWN, 0, -1, -1)
    else
      add(arrival, phase_of_header(arrival), code, kind, VIOLATES, "", SIDE_UNKNOWN, 0, -1, -1)
    end
  end

  -- core/rules/header.py:30: FL001: no control bit at all (RFC 9293 §3.10.7.4 step 5: dropped).
  local function null_segment(arrival)
    if band(arrival.flags, CONTROL_BITS) == 0 then
      by_source(arrival, "FL001", "null")
    end
  end

  -- core/rules/header.py:36: FL002: FIN without ACK as the first segment on its pair: the shape of a FIN scan (RFC 9293
  -- §3.10.7.1-2).
  local function bare_fin(arrival)
    if arrival.connection.segments == 0 and arrival.fin and not arrival.has_ack and band(arrival.flags,
        XMAS) ~= XMAS then
      by_source(arrival, "FL002", "bare-fin")
    end
  end

  -- core/rules/header.py:42: FL003: FIN, PSH and URG without ACK (RFC 9293 §3.10.7.4 step 5).
  local function xmas_segment(arrival)
    if band(arrival.flags, XMAS) == XMAS and not arrival.has_ack then
      by_source(arrival, "FL003", "xmas")
    end
  end

  -- core/rules/header.py:48: FL004: SYN and FIN together: tolerated by RFC 9293 §3.10.7.2 step 3, sent by scanners,
  -- once by T/TCP.
  local function syn_with_fin(arrival)
    if not arrival.syn or not arrival.fin then return end
    for _, kind in ipairs(arrival.segment.options.unknown) do
      if (11 <= kind and kind <= 13) and not damaged(arrival) then
        observed(arrival, phase_of_header(arrival), "FL004", "t-tcp", 0, -1, -1)
        return
      end
    end
    by_source(arrival, "FL004", "syn-fin")
  end

  -- core/rules/header.py:59: FL005: RST with SYN or FIN: no form of RFC 9293 combines them.
  local function reset_with_syn_or_fin(arrival)
    if arrival.rst and (band(arrival.flags, SYN) ~= 0 or band(arrival.flags, FIN) ~= 0) then
      by_source(arrival, "FL005", "reset-combined")
    end
  end

  -- core/rules/header.py:65: FL008: a segment of a connection without ACK, SYN, RST (RFC 9293 §3.1). With FIN it is
  -- TD006, empty FL001.
  local function missing_ack_flag(arrival)
    if arrival.fin or band(arrival.flags, CONTROL_BITS) == 0 then return end
    local own = arrival.own
    local why = ""
    if damaged(arrival) or stranger(arrival) then
      why = "third-party"
    elseif not own.iss_seen then
      why = "mid-stream"
    elseif arrival.segment.checksum_state == CHECKSUM_UNKNOWN then
      why = "truncated"
    elseif own.nxt < 0 or not between(-SCAN_FIT, arrival.seq - own.nxt, SCAN_FIT) then
      why = "third-party"
    end
    if why == "" then
      violates(arrival, phase_of_header(arrival), "FL008", "no-ack", own.last_frame, arrival.length, -1)
    else
      undecided(arrival, phase_of_header(arrival), "FL008", "no-ack", why, 0, arrival.length, -1)
    end
  end

  -- core/rules/header.py:85: FL010: one of the three reserved bits is set (RFC 9293 §3.1; the fourth is AE since RFC
  -- 9768).
  local function reserved_bits_set(arrival)
    if band(arrival.flags, RESERVED) == 0 then return end
    local bits = floor(band(arrival.flags, RESERVED) / 512)
    if damaged(arrival) then
      undecided(arrival, phase_of_header(arrival), "FL010", "reserved", "third-party", 0, bits, -1)
    else
      violates(arrival, phase_of_header(arrival), "FL010", "reserved", 0, bits, -1)
    end
  end

  -- core/rules/header.py:96: FL011: a header shorter than five words or longer than the segment (RFC 9293 §3.1).
  -- Nothing else is judged.
  local function invalid_data_offset(arrival)
    local stated = arrival.segment.header_stated
    if arrival.segment.checksum_state == CHECKSUM_GOOD then
      violates(arrival, phase_of_header(arrival), "FL011", "data-offset", 0, stated, -1)
    elseif arrival.segment.checksum_state == CHECKSUM_BAD then
      undecided(arrival, phase_of_header(arrival), "FL011", "data-offset", "third-party", 0, stated, -1)
    else
      undecided(arrival, phase_of_header(arrival), "FL011", "data-offset", "truncated", 0, stated, -1)
    end
  end

  -- core/rules/header.py:107: FL013: a SYN to itself: legal on a loopback address, elsewhere an attack (RFC 9293 §3.5
  -- Fig. 7).
  local function land_segment(arrival)
    local key = arrival.segment.key
    if is_loopback(key) then
      observed(arrival, phase_of_header(arrival), "FL013", "self-connect", 0, -1, -1)
    else
      by_source(arrival, "FL013", "land")
    end
  end

  -- core/rules/header.py:116: 127.0.0.0/8 or ::1 as the sender's address.
  function is_loopback(key)
    if #key == 12 then return byte(key, 1) == 127 end
    local index = 0
    while index < 15 do
      if byte(key, index + 1) ~= 0 then return false end
      index = index + 1
    end
    return byte(key, 16) == 1
  end

  core.rules.header = { CONTROL_BITS = CONTROL_BITS, XMAS = XMAS, by_source = by_source, null_segment = null_segment,
      bare_fin = bare_fin, xmas_segment = xmas_segment, syn_with_fin = syn_with_fin,
      reset_with_syn_or_fin = reset_with_syn_or_fin, missing_ack_flag = missing_ack_flag,
      reserved_bits_set = reserved_bits_set, invalid_data_offset = invalid_data_offset, land_segment = land_segment,
      is_loopback = is_loopback }
end

-- core/rules/numbers.py: ID: initial numbers over many connections. A host gives each connection one of its own, that
-- nobody can foretell.
do
  local from = core.aggregate
  local host_of = from.host_of
  from = core.aggregate_number
  local CLASSIC_STEP, classic_steps, even_steps, is_known_on, is_twin, know_number, line_rate, same_steps, steps_of,
      take_sample = from.CLASSIC_STEP, from.classic_steps, from.even_steps, from.is_known_on, from.is_twin,
      from.know_number, from.line_rate, from.same_steps, from.steps_of, from.take_sample
  from = core.evidence
  local damaged = from.damaged
  from = core.model
  local INCONCLUSIVE, OBSERVED, OTHER, VIOLATES = from.INCONCLUSIVE, from.OBSERVED, from.OTHER, from.VIOLATES
  from = core.note
  local add = from.add
  from = core.sequence
  local MODULUS = from.MODULUS
  local compare_numbers, say, isn_reused, is_seen_twice, isn_predictable
  local REUSED_FROM = 3
  local ZERO_FROM = 2
  local FEW_SAMPLES = 5
  local SAMPLES = 10
  local EXACT_SAMPLES = 30

  -- core/rules/numbers.py:31: Both ends' initial numbers, when the third step shows that the connection came to be.
  local function initial_numbers(arrival)
    if arrival.connection.third_frame == arrival.frame and not damaged(arrival) then
      compare_numbers(arrival)
    end
  end

  -- core/rules/numbers.py:37: ID007 and ID008 at a third step that is sound; of the arrival only the ends, the side and
  -- the frame are read.
  function compare_numbers(arrival)
    local connection = arrival.connection
    local own = arrival.own
    local peer = arrival.peer
    if not peer.opening.answer_good or peer.opening.other_iss >= 0 or own.iss < 0 or peer.iss < 0 then
      return
    end
    local asked = own.iss % MODULUS
    local answered = peer.iss % MODULUS
    if asked == 0 and answered == 0 then
      say(arrival, "zero", INCONCLUSIVE, "third-party", arrival.side, own.opening.alone_frame, 1)
      return
    end
    local side = arrival.side
    local asker = host_of(connection.chain.key, side)
    local answerer = host_of(connection.chain.key, 1 - side)
    isn_reused(arrival, side, asker, asked, answered, own.opening.alone_frame)
    isn_reused(arrival, 1 - side, answerer, answered, asked, peer.opening.answer_frame)
    isn_predictable(arrival, side, asker, asked, own.opening.alone_time, own.opening.alone_frame)
    isn_predictable(arrival, 1 - side, answerer, answered, peer.opening.answer_time, peer.opening.answer_frame)
  end

  -- core/rules/numbers.py:59: ID007 about one end.
  function say(arrival, kind, verdict, why, side, frame, count)
    add(arrival, OTHER, "ID007", kind, verdict, why, side, frame, count, -1)
  end

  -- core/rules/numbers.py:64: ID007: the same initial number on several pairs, or 0 (RFC 9293 §3.4.1 MUST-8, RFC 6528
  -- §3).
  function isn_reused(arrival, side, host, number, answer, frame)
    local chain = arrival.connection.chain
    local origin = know_number(arrival.engine, host, chain.key, number, answer, arrival.connection.number)
    if origin == nil then return end
    local kind = "reused"
    local enough = REUSED_FROM
    if number == 0 then
      kind = "zero-again"
      enough = ZERO_FROM
    end
    if origin.connection ~= arrival.connection.number and is_seen_twice(origin, chain.key, answer) then
      say(arrival, kind, INCONCLUSIVE, "third-party", side, frame, origin.count)
    elseif origin.count >= enough then
      say(arrival, kind, VIOLATES, "", side, frame, origin.count)
    elseif number == 0 then
      say(arrival, "zero", OBSERVED, "", side, frame, 1)
    elseif origin.count > 1 then
      say(arrival, kind, INCONCLUSIVE, "capture-end", side, frame, origin.count)
    end
  end

  -- core/rules/numbers.py:85: Both numbers are those of a connection on another pair: one connection captured twice, or
  -- played again.
  function is_seen_twice(origin, key, answer)
    return is_twin(origin, answer) and not is_known_on(origin, key)
  end

  -- core/rules/numbers.py:90: ID008: the initial numbers of a host over different pairs follow a law (RFC 9293 §3.4.1
  -- SHLD-1, RFC 6528 §3).
  function isn_predictable(arrival, side, host, number, time, frame)
    local chain = arrival.connection.chain
    local samples = take_sample(arrival.engine, host, chain.key, number, time, EXACT_SAMPLES)
    if samples == nil then return end
    local count = #samples.numbers
    if count ~= FEW_SAMPLES and count ~= SAMPLES and count ~= EXACT_SAMPLES then return end
    local steps = steps_of(samples)
    if count == FEW_SAMPLES then
      if same_steps(steps) then
        add(arrival, OTHER, "ID008", "step", INCONCLUSIVE, "capture-end", side, frame, steps[1], count)
      end
      return
    end
    local kind = "step"
    local verdict = OBSERVED
    local law = steps[1]
    if even_steps(steps) then
      if count == EXACT_SAMPLES and same_steps(steps) then verdict = VIOLATES end
    elseif classic_steps(steps) then
      kind = "multiples"
      law = CLASSIC_STEP
    else
      kind = "clock"
      law = line_rate(samples, steps)
      if law < 0 then return end
    end
    add(arrival, OTHER, "ID008", kind, verdict, "", side, frame, law, count)
  end

  core.rules.numbers = { REUSED_FROM = REUSED_FROM, ZERO_FROM = ZERO_FROM, FEW_SAMPLES = FEW_SAMPLES, SAMPLES = SAMPLES,
      EXACT_SAMPLES = EXACT_SAMPLES, initial_numbers = initial_numbers, compare_numbers = compare_numbers, say = say,
      isn_reused = isn_reused, is_seen_twice = is_seen_twice, isn_predictable = isn_predictable }
end

-- core/rules/probe.py: FL006 and FL007: a bare ACK, or a FIN with ACK, out of nowhere, and nothing but a RST as its
-- answer.
do
  local from = core.census
  local count_probe, source_of = from.count_probe, from.source_of
  from = core.model
  local OTHER = from.OTHER
  from = core.note
  local leaves_open, notes = from.leaves_open, from.notes
  local SCAN = 5
  local ACK_AND_RST = 36
  local FIN_ALONE = 20
  local FIN_AND_RST = 52

  -- core/rules/probe.py:17: Count a connection that so far is one segment of the peer, which this RST answers by its
  -- ack.
  local function answered_probe(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local connection = arrival.connection
    if connection.segments ~= 1 or own.segments > 0 or peer.segments ~= 1 or peer.iss_seen or peer.ackmax < 0 then
      return
    end
    if arrival.seq == peer.ackmax and peer.data_end < 0 then
      count_probe(arrival.engine.census, arrival.segment.key, peer.closing.fin >= 0)
    end
  end

  -- core/rules/probe.py:28: FL006: an ACK and the RST that answers it. FL007: a FIN with ACK, and a RST or nothing.
  local function lone_probe(ending)
    local connection = ending.connection
    local bits = connection.completeness
    if connection.segments > 2 or connection.strange > 0 or connection.segments == 0 then
      return
    end
    if bits ~= ACK_AND_RST and bits ~= FIN_ALONE and bits ~= FIN_AND_RST then return end
    local prober = connection.ends[connection.first_side + 1]
    local other = connection.ends[2 - connection.first_side]
    if prober.segments ~= 1 or prober.ackmax < 0 or prober.iss_seen or prober.closing.rst_frame > 0 then
      return
    end
    if other.segments > 0 and (other.closing.rst_frame == 0 or other.closing.rst_seq ~= prober.ackmax) then
      return
    end
    if bits == FIN_ALONE and other.segments > 0 then return end
    for _, past in ipairs(connection.chain.past) do
      if past.number ~= connection.number then return end
    end
    local key = connection.chain.key
    local source = source_of(key)
    if connection.first_side == 1 then source = sub(key, #source + 1, 2 * #source) end
    local code = "FL006"
    local one = "stray-ack"
    local many = "ack-scan"
    local probes = ending.engine.census.ack_probes
    if bits ~= ACK_AND_RST then
      code = "FL007"
      one = "stray-fin"
      many = "fin-scan"
      probes = ending.engine.census.fin_probes
    end
    local probe = probes[source]
    local frame = connection.first_frame
    local answer = other.closing.rst_frame
    if probe ~= nil and probe.connections >= SCAN then
      notes(ending, OTHER, code, many, prober.side, frame, answer, probe.connections, -1)
    else
      leaves_open(ending, OTHER, code, one, "mid-stream", prober.side, frame, answer, -1, -1)
    end
  end

  core.rules.probe = { SCAN = SCAN, ACK_AND_RST = ACK_AND_RST, FIN_ALONE = FIN_ALONE, FIN_AND_RST = FIN_AND_RST,
      answered_probe = answered_probe, lone_probe = lone_probe }
end

-- core/rules/reuse.py: ID: one address and port pair, several connections after one another.
do
  local from = core.evidence
  local SLACK, synchronised = from.SLACK, from.synchronised
  from = core.model
  local OTHER = from.OTHER
  from = core.note
  local observed, undecided, violates = from.observed, from.undecided, from.violates
  from = core.sequence
  local MODULUS, difference = from.MODULUS, from.difference
  local FIELD_TIME_WAIT = 60000000
  local RFC_TIME_WAIT = 240000000

  -- core/rules/reuse.py:12: ID001: the next connection on a pair whose last one ended (RFC 9293 §3.4.1).
  local function reused_connection_pair(arrival)
    local connection = arrival.connection
    if connection.reuse_of < 0 or #connection.chain.past == 0 then return end
    if connection.segments == 0 or arrival.committed then
      local past = connection.chain.past[#connection.chain.past]
      local began = arrival.time
      if arrival.committed then began = connection.first_time end
      observed(arrival, OTHER, "ID001", "reused", 0, past.number, began - past.time)
    end
  end

  -- core/rules/reuse.py:25: ID002: the end that held TIME-WAIT accepts a new SYN with an ISS not above its last number
  -- (RFC 9293 MAY-2).
  local function time_wait_reopen_wrong_iss(arrival)
    local connection = arrival.connection
    if connection.reuse_of < 0 or #connection.chain.past == 0 or arrival.own.opening.answer_frame > 0 then
      return
    end
    local past = connection.chain.past[#connection.chain.past]
    local gap = arrival.time - past.time
    if not past.orderly or gap >= RFC_TIME_WAIT then return end
    local high = past.high0
    local old_tsval = past.tsval0
    if arrival.side == 1 then
      high = past.high1
      old_tsval = past.tsval1
    end
    if high < 0 or difference(arrival.segment.seq, high) >= 0 then return end
    if (arrival.segment.tsval >= 0) ~= (old_tsval >= 0) then return end
    if old_tsval >= 0 and difference(arrival.segment.tsval, old_tsval) > 0 then return end
    local below = (high + MODULUS - arrival.segment.seq) % MODULUS
    if past.closer ~= arrival.side and past.closer ~= 2 then
      if past.closer < 0 then
        undecided(arrival, OTHER, "ID002", "iss-not-above", "hole", 0, below, -1)
      end
    elseif gap >= FIELD_TIME_WAIT or arrival.engine.clock_breaks > past.breaks then
      undecided(arrival, OTHER, "ID002", "iss-not-above", "order", 0, below, -1)
    else
      violates(arrival, OTHER, "ID002", "iss-not-above", 0, below, -1)
    end
  end

  -- core/rules/reuse.py:55: ID009: a SYN with a new number while the connection lives. Reported in the living
  -- connection.
  local function syn_inside_connection(arrival)
    if not synchronised(arrival.own) and not synchronised(arrival.peer) then return end
    if arrival.own.iss_seen or arrival.peer.iss_seen then
      observed(arrival, OTHER, "ID009", "new-syn", arrival.own.last_frame, -1, -1)
    else
      undecided(arrival, OTHER, "ID009", "new-syn", "mid-stream", arrival.own.last_frame, -1, -1)
    end
  end

  -- core/rules/reuse.py:65: ID010: a segment of an incarnation that is gone, or the SYN of this one long after it was
  -- answered.
  local function delayed_old_segment(arrival)
    if arrival.delayed and arrival.syn and not arrival.has_ack then
      undecided(arrival, OTHER, "ID010", "old-syn", "order", arrival.own.opening.alone_frame, -1, -1)
    elseif arrival.delayed then
      observed(arrival, OTHER, "ID010", "old-segment", 0, -1, -1)
    elseif arrival.syn and not arrival.has_ack and arrival.seq == arrival.own.iss and arrival.own.got_syn then
      local frame = arrival.own.opening.alone_frame
      if frame > 0 and arrival.time - arrival.own.last_time > SLACK then
        observed(arrival, OTHER, "ID010", "old-syn", frame, -1, -1)
      elseif frame > 0 then
        undecided(arrival, OTHER, "ID010", "old-syn", "order", frame, -1, -1)
      end
    end
  end

  core.rules.reuse = { FIELD_TIME_WAIT = FIELD_TIME_WAIT, RFC_TIME_WAIT = RFC_TIME_WAIT,
      reused_connection_pair = reused_connection_pair, time_wait_reopen_wrong_iss = time_wait_reopen_wrong_iss,
      syn_inside_connection = syn_inside_connection, delayed_old_segment = delayed_old_segment }
end

-- core/learn.py: What a SYN, a FIN and a RST teach about their sender. Asked by core/facts for segments that may change
-- facts.
do
  local from = core.evidence
  local SLACK = from.SLACK
  from = core.offer
  local learn_offer = from.learn_offer
  from = core.sequence
  local between, larger, smaller = from.between, from.larger, from.smaller
  local multiplier_of, refuses_answer, forget_answer

  -- core/learn.py:8: A SYN or SYN-ACK of this end: its initial number and what it offers.
  local function learn_syn(arrival)
    local own = arrival.own
    local opening = own.opening
    local segment = arrival.segment
    if not own.iss_seen then
      own.iss_seen = true
      own.iss = arrival.seq
      own.first = arrival.seq
      opening.flags = arrival.flags
      opening.mss = segment.options.mss
      opening.wscale = segment.options.wscale
      opening.window = segment.window
      opening.tsval = segment.tsval
      opening.hop_limit = segment.hop_limit
      opening.ip_id = segment.ip_id
      opening.multiplier = multiplier_of(opening.wscale)
    elseif arrival.seq ~= own.iss and arrival.has_ack then
      opening.other_iss = arrival.seq
    end
    own.syn_sent = true
    learn_offer(arrival)
    if segment.options.tfo > opening.tfo then opening.tfo = segment.options.tfo end
    if arrival.has_ack then
      if own.closing.rst_frame > 0 and not own.closing.rst_hit then
        own.closing.rst_frame = 0
      end
      if opening.answer_frame == 0 then
        opening.answer_frame = arrival.frame
        opening.answer_time = arrival.time
        opening.answer_ack = arrival.ack
      end
      opening.answer_copies = opening.answer_copies + 1
      opening.answer_last_frame = arrival.frame
      opening.answer_last_time = arrival.time
      local asked = arrival.peer
      if asked.iss_seen and between(asked.iss + 1, arrival.ack, asked.iss + 1 + asked.opening.length) then
        opening.answer_good = true
      end
    else
      if opening.alone_frame == 0 then
        opening.alone_frame = arrival.frame
        opening.alone_time = arrival.time
        local answered = arrival.peer.opening
        if answered.answer_frame > 0 and between(arrival.seq + 1, answered.answer_ack, arrival.right) then
          answered.answer_good = true
        end
      end
      opening.alone_copies = opening.alone_copies + 1
      opening.alone_last_frame = arrival.frame
      opening.alone_last_time = arrival.time
      opening.length = larger(opening.length, arrival.right - arrival.seq - 1)
    end
  end

  -- core/learn.py:57: 2 to the power of a window scale shift, which counts 14 at most (RFC 7323 §2.3); 1 for none.
  function multiplier_of(shift)
    if shift == 7 then return 128 end
    local multiplier = 1
    local done = 0
    while done < shift and done < 14 do
      multiplier = multiplier * 2
      done = done + 1
    end
    return multiplier
  end

  -- core/learn.py:69: A SYN that stands where its connection can have none: it may have opened the next one (RFC 9293
  -- §3.4.1).
  local function note_late_syn(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.data_end >= 0 or own.closing.fin >= 0 or peer.closing.fin >= 0 then
      own.opening.late = true
    elseif own.iss_seen and arrival.seq ~= own.iss and peer.got_syn then
      own.opening.late = true
    end
  end

  -- core/learn.py:79: A FIN of this end. `early`: the peer had acknowledged it before the capture showed it.
  local function learn_fin(arrival, early)
    local own = arrival.own
    local closing = own.closing
    local fin = arrival.right - 1
    if own.iss >= 0 and fin <= own.iss then return end
    if arrival.has_ack and arrival.peer.iss_seen and arrival.ack <= arrival.peer.iss then
      return
    end
    if closing.fin < 0 then
      closing.fin = fin
      closing.fin_end = fin + 1
      closing.lowest_end = fin + 1
      closing.frame = arrival.frame
      closing.time = arrival.time
      closing.sure = #own.gaps == 0 and not early and arrival.has_ack
      if arrival.segment.tsval > own.tsval then closing.tsval = arrival.segment.tsval end
      if own.nxt < closing.fin_end then own.nxt = closing.fin_end end
      if arrival.peer.ackmax >= closing.fin_end then
        own.fin_acked = true
        arrival.peer.got_fin = true
        closing.acked_frame = arrival.peer.last_frame
        closing.acked_time = arrival.peer.last_time
      end
    end
    if fin ~= closing.fin then return end
    closing.copies = closing.copies + 1
    closing.last_frame = arrival.frame
    closing.last_time = arrival.time
    if closing.copies > 1 then closing.confirmed = true end
    if not arrival.has_ack then
      closing.no_ack = true
    elseif closing.min_ack < 0 then
      closing.min_ack = arrival.ack
    else
      closing.min_ack = smaller(closing.min_ack, arrival.ack)
    end
  end

  -- core/learn.py:119: A RST of this end, and whether its peer had to accept it (RFC 9293 §3.10.7.3 and §3.10.7.4, RFC
  -- 5961 §3.2).
  local function learn_rst(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local closing = own.closing
    closing.rst_count = closing.rst_count + 1
    if refuses_answer(arrival) then
      forget_answer(arrival)
      return
    end
    local reach = larger(own.nxt, peer.ackmax) + larger(peer.wmax, 65535)
    local asked = peer.opening.alone_frame > 0 and not peer.got_syn
    local refuses = asked and arrival.has_ack and between(peer.iss + 1, arrival.ack, peer.nxt)
    if own.nxt >= 0 and not refuses and (arrival.seq < own.first - 1 or arrival.seq > reach) then
      return
    end
    if closing.rst_frame == 0 then
      closing.rst_frame = arrival.frame
      closing.rst_time = arrival.time
      closing.rst_seq = arrival.seq
      closing.rst_ack = arrival.ack
    end
    closing.rst_last_frame = arrival.frame
    if asked then
      closing.rst_hit = closing.rst_hit or refuses
      closing.rst_exact = closing.rst_hit
      return
    end
    if peer.ackmax < 0 then
      closing.rst_hit = true
      return
    end
    if arrival.seq == peer.ackmax or arrival.seq == own.nxt then
      closing.rst_hit = true
      closing.rst_exact = true
    elseif arrival.seq > peer.ackmax then
      closing.rst_hit = true
    end
  end

  -- core/learn.py:153: The RST by which SYN-SENT refuses a SYN-ACK that does not acknowledge its SYN (RFC 9293
  -- §3.10.7.3, step 1).
  function refuses_answer(arrival)
    local opening = arrival.peer.opening
    if arrival.own.opening.alone_frame == 0 or arrival.own.got_syn or opening.answer_frame == 0 then
      return false
    end
    return not opening.answer_good and arrival.seq == opening.answer_ack
  end

  -- core/learn.py:161: A refused SYN-ACK: its sender is in LISTEN again, its asker still in SYN-SENT (RFC 9293 §3.5,
  -- Figure 8).
  function forget_answer(arrival)
    local peer = arrival.peer
    local opening = peer.opening
    arrival.connection.strange = arrival.connection.strange + opening.answer_copies
    peer.segments = peer.segments - opening.answer_copies
    opening.answer_frame = 0
    opening.answer_copies = 0
    opening.answer_ack = -1
    opening.answer_gaps = {}
    opening.other_iss = -1
    opening.offers = 0
    opening.multiplier = 1
    peer.iss = -1
    peer.iss_seen = false
    peer.first = -1
    peer.nxt = -1
    peer.seen = -1
    peer.gaps = {}
    peer.syn_sent = false
    peer.got_syn = false
    peer.ackmax = -1
    peer.last_ack = -1
    peer.raw_window = -1
    peer.wmax = 0
    peer.tsval = -1
    arrival.own.syn_acked = false
  end

  -- core/learn.py:190: An end that goes on after a RST shows that the RST did not end it: roll the tentative fact back.
  local function void_resets(arrival)
    local own = arrival.own.closing
    local peer = arrival.peer.closing
    if own.rst_frame > 0 and arrival.time - own.rst_time > SLACK then
      own.rst_void = true
      own.rst_hit = false
    end
    if peer.rst_hit and not peer.rst_exact and arrival.time - peer.rst_time > 0 then
      peer.rst_hit = false
    end
  end

  core.learn = { learn_syn = learn_syn, multiplier_of = multiplier_of, note_late_syn = note_late_syn,
      learn_fin = learn_fin, learn_rst = learn_rst, refuses_answer = refuses_answer, forget_answer = forget_answer,
      void_resets = void_resets }
end

-- core/rules/retry.py: HS008 and HS022: what a stack does when its SYN or SYN-ACK is not answered in time.
do
  local from = core.model
  local CWR, ECE, HANDSHAKE, INCONCLUSIVE, VIOLATES = from.CWR, from.ECE, from.HANDSHAKE, from.INCONCLUSIVE,
      from.VIOLATES
  from = core.note
  local add, notes, observed, ran = from.add, from.notes, from.observed, from.ran
  from = core.offer
  local MULTIPATH = from.MULTIPATH
  local keeps
  local SHORT_EFFORT = 180000000
  local FIRST_TIMER = 1000000
  local LOWER_LAYER = 500000
  local ACCURATE = 0x1C0

  -- core/rules/retry.py:18: HS008: an unanswered SYN was repeated, and given up after less than three minutes (RFC 9293
  -- MUST-23).
  local function short_syn_effort(ending)
    if ending.handshake ~= "unanswered" or ending.answerer.segments > 0 then return end
    local opening = ending.opener.opening
    if opening.alone_copies < 2 or not ran(ending, opening.alone_time, SHORT_EFFORT) then
      return
    end
    local wait = FIRST_TIMER
    if #opening.gaps > 0 and opening.gaps[#opening.gaps] > 0 then
      wait = 2 * opening.gaps[#opening.gaps]
    end
    local effort = opening.alone_last_time - opening.alone_time + wait
    if effort < SHORT_EFFORT then
      local frame = opening.alone_last_frame
      local first = opening.alone_frame
      notes(ending, HANDSHAKE, "HS008", "short", ending.client, frame, first, effort, opening.alone_copies)
    end
  end

  -- core/rules/retry.py:38: HS022: what the next copy of a SYN leaves out, or keeps though it should not (RFC 7413
  -- §4.2.2).
  local function no_handshake_fallback(arrival)
    local own = arrival.own
    local opening = own.opening
    if opening.alone_frame == 0 or arrival.seq ~= own.iss or own.got_syn or arrival.peer.segments > 0 then
      return
    end
    if arrival.connection.quote ~= nil then return end
    local options = arrival.segment.options
    local since = arrival.time - opening.alone_last_time
    local frame = opening.alone_frame
    if opening.tfo > 0 and opening.length > 0 then
      if arrival.length > 0 or options.tfo >= 0 or not options.complete then
        keeps(arrival, since, frame)
      end
    end
    if not options.complete then return end
    if opening.tfo >= 0 and options.tfo < 0 then
      observed(arrival, HANDSHAKE, "HS022", "tfo", frame, since, -1)
    end
    if band(opening.flags, ACCURATE) == ACCURATE then
      if band(arrival.flags, ACCURATE) ~= ACCURATE then
        observed(arrival, HANDSHAKE, "HS022", "accecn", frame, since, -1)
      end
    elseif band(opening.flags, ECE) ~= 0 and band(opening.flags, CWR) ~= 0 and band(arrival.flags, ECE) == 0 then
      observed(arrival, HANDSHAKE, "HS022", "ecn", frame, since, -1)
    end
    if band(opening.offers, MULTIPATH) ~= 0 and options.mptcp < 0 then
      observed(arrival, HANDSHAKE, "HS022", "mptcp", frame, since, -1)
    end
  end

  -- core/rules/retry.py:68: HS022: a server that repeats its SYN-ACK leaves data and fast-open option out (RFC 7413
  -- §4.2.2).
  local function no_synack_fallback(arrival)
    local own = arrival.own
    local opening = own.opening
    local asker = arrival.peer
    if opening.answer_frame == 0 or arrival.seq ~= own.iss or asker.got_syn or opening.tfo < 0 then
      return
    end
    if asker.opening.alone_last_time > opening.answer_last_time or asker.opening.alone_frame == 0 then
      return
    end
    if arrival.segment.options.tfo >= 0 or arrival.length > 0 then
      keeps(arrival, arrival.time - opening.answer_last_time, opening.answer_frame)
    end
  end

  -- core/rules/retry.py:81: HS022, the fault, decided or not.
  function keeps(arrival, since, frame)
    local opening = arrival.own.opening
    local segment = arrival.segment
    local why = ""
    if arrival.length == 0 and segment.options.tfo < 0 then
      why = "truncated"
    elseif since < LOWER_LAYER then
      why = "third-party"
    elseif segment.ip_id > 0 and segment.ip_id == opening.ip_id and #segment.key == 12 then
      why = "third-party"
    end
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, HANDSHAKE, "HS022", "tfo-kept", verdict, why, arrival.side, frame, since, -1)
  end

  core.rules.retry = { SHORT_EFFORT = SHORT_EFFORT, FIRST_TIMER = FIRST_TIMER, LOWER_LAYER = LOWER_LAYER,
      ACCURATE = ACCURATE, short_syn_effort = short_syn_effort, no_handshake_fallback = no_handshake_fallback,
      no_synack_fallback = no_synack_fallback, keeps = keeps }
end

-- core/rules/options.py: OP: the option list of one segment. One that the capture cut, or that the network damaged, is
-- nobody's fault.
do
  local from = core.evidence
  local stranger = from.stranger
  from = core.model
  local CHECKSUM_BAD, CHECKSUM_UNKNOWN, OPTIONS_AFTER_END, OPTIONS_PAST_HEADER, OPTIONS_SOUND, SYN = from.CHECKSUM_BAD,
      from.CHECKSUM_UNKNOWN, from.OPTIONS_AFTER_END, from.OPTIONS_PAST_HEADER, from.OPTIONS_SOUND, from.SYN
  from = core.note
  local phase_of_header, undecided, violates = from.phase_of_header, from.undecided, from.violates
  from = core.options
  local LARGEST_SHIFT = from.LARGEST_SHIFT

  -- core/rules/options.py:13: Why a fault in the options may be the capture's or the network's; "" when it may not.
  local function doubt(arrival)
    if arrival.segment.checksum_state == CHECKSUM_BAD then return "third-party" end
    if arrival.segment.checksum_state == CHECKSUM_UNKNOWN then return "truncated" end
    if arrival.segment.truncated or not arrival.segment.options.complete then
      return "truncated"
    end
    return ""
  end

  -- core/rules/options.py:24: A fault in the options, or a suspicion of one that `why` could explain.
  local function report(arrival, code, kind, why, related, n1, n2)
    if why == "" then
      violates(arrival, phase_of_header(arrival), code, kind, related, n1, n2)
    else
      undecided(arrival, phase_of_header(arrival), code, kind, why, related, n1, n2)
    end
  end

  -- core/rules/options.py:32: OP001: the list cannot be walked to its end (RFC 9293 §3.1, MUST-7, MUST-68, MUST-69).
  local function malformed_option_list(arrival)
    local malformed = arrival.segment.options.malformed
    if malformed == OPTIONS_SOUND or arrival.segment.options.wrong_length >= 0 then
      return
    end
    local kind = "short-length"
    if malformed == OPTIONS_PAST_HEADER then
      kind = "past-header"
    elseif malformed == OPTIONS_AFTER_END then
      kind = "after-end"
    end
    report(arrival, "OP001", kind, doubt(arrival), 0, -1, -1)
  end

  -- core/rules/options.py:45: OP002: an option with a length that its RFC does not give it, or one that stands twice.
  local function malformed_option(arrival)
    local options = arrival.segment.options
    if options.wrong_length >= 0 then
      report(arrival, "OP002", "wrong-length", doubt(arrival), 0, options.wrong_length, -1)
    end
    if options.duplicate >= 0 then
      report(arrival, "OP002", "twice", doubt(arrival), 0, options.duplicate, -1)
    end
  end

  -- core/rules/options.py:54: OP001 or OP002 speaks of this list; what else is found in it may be an accident of the
  -- walk.
  local function list_is_broken(arrival)
    local options = arrival.segment.options
    return options.malformed ~= OPTIONS_SOUND or options.wrong_length >= 0
  end

  -- core/rules/options.py:60: Why an option that only a SYN may carry is not surely of this end, and in a segment that
  -- it sent so.
  local function doubt_outside_syn(arrival)
    local why = doubt(arrival)
    if why == "" and not arrival.own.iss_seen then why = "mid-stream" end
    if why == "" and stranger(arrival) then why = "third-party" end
    return why
  end

  -- core/rules/options.py:73: OP003: the maximum segment size on a segment without SYN (RFC 9293 §3.2, MUST-65).
  local function mss_outside_syn(arrival)
    local mss = arrival.segment.options.mss
    if mss >= 0 and not list_is_broken(arrival) then
      report(arrival, "OP003", "outside-syn", doubt_outside_syn(arrival), 0, mss, -1)
    end
  end

  -- core/rules/options.py:80: OP006: window scale on a segment without SYN, where it is ignored (RFC 7323 §2.2).
  local function window_scale_outside_syn(arrival)
    local shift = arrival.segment.options.wscale
    if shift >= 0 and not list_is_broken(arrival) then
      report(arrival, "OP006", "outside-syn", doubt_outside_syn(arrival), 0, shift, -1)
    end
  end

  -- core/rules/options.py:87: OP009: the permission to send SACK on a segment without SYN (RFC 2018 §2).
  local function sack_permitted_outside_syn(arrival)
    if arrival.segment.options.sackok and not list_is_broken(arrival) then
      report(arrival, "OP009", "outside-syn", doubt_outside_syn(arrival), 0, -1, -1)
    end
  end

  -- core/rules/options.py:93: OP007: a shift count above 14 on a SYN (RFC 7323 §2.3); the peer counts with 14.
  local function window_scale_too_large(arrival)
    local shift = arrival.segment.options.wscale
    if shift > LARGEST_SHIFT and band(arrival.flags, SYN) ~= 0 and not list_is_broken(arrival) then
      report(arrival, "OP007", "too-large", doubt(arrival), 0, shift, -1)
    end
  end

  core.rules.options = { doubt = doubt, report = report, malformed_option_list = malformed_option_list,
      malformed_option = malformed_option, list_is_broken = list_is_broken, doubt_outside_syn = doubt_outside_syn,
      mss_outside_syn = mss_outside_syn, window_scale_outside_syn = window_scale_outside_syn,
      sack_permitted_outside_syn = sack_permitted_outside_syn, window_scale_too_large = window_scale_too_large }
end

-- core/tell.py: The journal of what matters to other programs (core/outside): written as segments pass, read when words
-- are wanted.
do
  local from = core.completeness
  local count_completeness, mark_ack, mark_fin = from.count_completeness, from.mark_ack, from.mark_fin
  from = core.conntrack
  local EXACT, INVALID_AIM, NEAR_MISS, track = from.EXACT, from.INVALID_AIM, from.NEAR_MISS, from.track
  from = core.model
  local ACK, CHECKSUM_BAD, SYN = from.ACK, from.CHECKSUM_BAD, from.SYN
  from = core.outside
  local Entry, Tale, copy_of = from.Entry, from.Tale, from.copy_of
  from = core.sequence
  local larger = from.larger
  from = core.zeek
  local write = from.write
  local is_first, is_plain, add_bit, tell_copy, note_segment, note, aim, has_passed, passed, begin, read
  local MOST = 96
  local KEPT_FLAGS = 0x037
  local CONTROL = 0x007
  local SECOND_SIDE = 64
  local ZERO_WINDOW = 128
  local DAMAGED = 256
  local REPEATED = 512
  local APART = 1024
  local AIM = 2048
  local GAPS = 8192
  local LENGTH = 131072
  local BARE_ACK = 1
  local PAYLOAD = 2

  -- core/tell.py:33: A segment of the connection, before its facts are taken over.
  local function tell(arrival)
    local connection = arrival.connection
    local own = arrival.own
    count_completeness(connection, arrival)
    local flags = arrival.flags
    local news = 0
    if arrival.length > 0 and own.seen >= 0 and arrival.right <= own.seen then
      news = REPEATED
    end
    if band(flags, CONTROL) == 0 then
      if is_first(own, arrival.length) then
        if arrival.counts then
          add_bit(own, arrival.length)
        end
      elseif connection.calm and news == 0 and is_plain(arrival.segment) and not has_passed(arrival) then
        return
      end
    else
      own.told = 0
      arrival.peer.told = 0
    end
    if arrival.counts then
      news = news + aim(arrival) * AIM
      if arrival.has_ack and not arrival.rst and not arrival.syn then
        news = news + passed(arrival) * GAPS
      end
    else
      news = news + APART
    end
    note_segment(arrival, news)
  end

  -- core/tell.py:60: A segment that we keep out of the connection; Zeek does not, unless it opens another one or cannot
  -- be read.
  local function tell_strange(arrival)
    if arrival.segment.header_valid and not (arrival.delayed and arrival.syn) then
      tell_copy(arrival)
    end
  end

  -- core/tell.py:66: The first payload, or the first bare ACK, since the last SYN, FIN or RST.
  function is_first(own, length)
    if length > 0 then return band(own.told, PAYLOAD) == 0 end
    return band(own.told, BARE_ACK) == 0
  end

  -- core/tell.py:73: It tells the programs outside nothing but its numbers.
  function is_plain(segment)
    return segment.window > 0 and segment.checksum_state ~= CHECKSUM_BAD
  end

  -- core/tell.py:78: It stands in the journal now.
  function add_bit(own, length)
    if length > 0 then
      own.told = own.told + PAYLOAD
    else
      own.told = own.told + BARE_ACK
    end
  end

  -- core/tell.py:86: The first payload of an end on the short path, and its bit of Wireshark's completeness.
  local function tell_payload(connection, own, flags, seq, ack, length, window)
    own.told = own.told + PAYLOAD
    if band(connection.completeness, 8) == 0 then
      connection.completeness = connection.completeness + 8
    end
    note(connection, own.side, flags, seq, ack, length, window, 0)
  end

  -- core/tell.py:94: A bare ACK on the short path, where it is the first of its end or belongs to a close.
  local function tell_ack(connection, own, flags, seq, ack, window)
    if band(own.told, BARE_ACK) == 0 then own.told = own.told + BARE_ACK end
    mark_ack(connection)
    note(connection, own.side, flags, seq, ack, 0, window, 0)
  end

  -- core/tell.py:102: A FIN on the short path.
  local function tell_fin(connection, own, peer, flags, seq, ack, window)
    own.told = 0
    peer.told = 0
    mark_ack(connection)
    mark_fin(connection)
    note(connection, own.side, flags, seq, ack, 0, window, 0)
  end

  -- core/tell.py:111: A segment that only readers of the capture take for one of the connection, such as a copy the
  -- capture made.
  function tell_copy(arrival)
    local news = APART
    if arrival.length > 0 and arrival.own.seen >= 0 and arrival.right <= arrival.own.seen then
      news = news + REPEATED
    end
    note_segment(arrival, news)
  end

  -- core/tell.py:119: An entry for the placed segment.
  function note_segment(arrival, news)
    local segment = arrival.segment
    if segment.checksum_state == CHECKSUM_BAD then news = news + DAMAGED end
    note(arrival.connection, arrival.side, segment.flags, segment.seq, segment.ack, segment.length, segment.window,
        news)
  end

  -- core/tell.py:136: A new entry, when somebody will ask for such words (settings.outside_words).
  function note(connection, side, flags, seq, ack, length, window, news)
    local outside = connection.outside
    if outside == nil then return end
    local word = band(flags, KEPT_FLAGS) + side * SECOND_SIDE + length * LENGTH + news
    if window == 0 then word = word + ZERO_WINDOW end
    local journal = outside.journal
    journal[#journal + 1] = word
    journal[#journal + 1] = seq
    journal[#journal + 1] = ack
    if #journal >= MOST then
      if outside.tale == nil then outside.tale = begin(connection, journal[1]) end
      read(outside.tale, journal)
      outside.journal = {}
    end
  end

  -- core/tell.py:155: Where the numbers of the segment lie, as far as conntrack cares: for a SYN its ack, for a RST its
  -- seq too.
  function aim(arrival)
    if not arrival.syn and not arrival.rst then return EXACT end
    local peer = arrival.peer
    if arrival.has_ack and peer.nxt >= 0 and arrival.ack > peer.nxt and arrival.segment.ack ~= 0 then
      return INVALID_AIM
    end
    if not arrival.rst or peer.ackmax < 0 or arrival.seq == peer.ackmax then
      return EXACT
    end
    if arrival.seq < peer.ackmax or arrival.seq > peer.ackmax + larger(peer.wmax, 1) then
      return INVALID_AIM
    end
    if arrival.seq == arrival.own.nxt and arrival.own.last_frame > peer.last_frame then
      return EXACT
    end
    return NEAR_MISS
  end

  -- core/tell.py:171: It acknowledges what was never captured.
  function has_passed(arrival)
    return arrival.has_ack and (#arrival.peer.gaps > 0 or arrival.ack > arrival.peer.nxt) and passed(arrival) > 0
  end

  -- core/tell.py:176: How many holes of its peer the segment acknowledges that no ack before it did; at most 15.
  function passed(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local ack = arrival.ack
    local count = 0
    if ack > peer.nxt and peer.seen >= 0 and peer.closing.fin < 0 then count = 1 end
    local index = 0
    while index < #peer.gaps and count < 15 do
      if peer.gaps[index + 1] < ack and peer.gaps[index + 2] > own.ackmax and ack > own.ackmax then
        count = count + 1
      end
      index = index + 2
    end
    return count
  end

  -- core/tell.py:192: Who is Zeek's originator, by the first entry: who we take for the client when that segment
  -- passes.
  local function originator(connection, word)
    local side = floor(word / SECOND_SIDE) % 2
    if band(word, SYN) ~= 0 then
      if band(word, ACK) ~= 0 then return 1 - side end
      return side
    end
    local key = connection.chain.key
    local ports = #key - 4
    local first = byte(key, ports + 1) * 256 + byte(key, ports + 2)
    local second = byte(key, ports + 3) * 256 + byte(key, ports + 4)
    if first > second then return 0 end
    if second > first then return 1 end
    return side
  end

  -- core/tell.py:210: An empty tale, with a `^` where the first segment goes to Zeek's originator.
  function begin(connection, word)
    local tale = Tale(originator(connection, word))
    if floor(word / SECOND_SIDE) % 2 ~= tale.originator then
      tale.history[#tale.history + 1] = "^"
    end
    return tale
  end

  -- core/tell.py:218: Take the entries over into the tale.
  function read(tale, journal)
    local entry = Entry()
    local index = 0
    while index < #journal do
      local word = journal[index + 1]
      entry.flags = band(word, KEPT_FLAGS)
      entry.side = floor(word / SECOND_SIDE) % 2
      entry.zero_window = band(word, ZERO_WINDOW) ~= 0
      entry.damaged = band(word, DAMAGED) ~= 0
      entry.repeated = band(word, REPEATED) ~= 0
      entry.apart = band(word, APART) ~= 0
      entry.aim = floor(word / AIM) % 4
      entry.gaps = floor(word / GAPS) % 16
      entry.length = floor(word / LENGTH)
      entry.seq = journal[index + 2]
      entry.ack = journal[index + 3]
      write(tale, entry)
      if not entry.apart and not entry.damaged then
        track(tale, entry)
      end
      index = index + 3
    end
  end

  -- core/tell.py:241: What the programs outside would know of the connection now, or None before its first segment.
  -- Changes nothing.
  local function tale_of(connection)
    local outside = connection.outside
    local tale
    if outside.tale ~= nil then
      tale = copy_of(outside.tale)
    elseif #outside.journal > 0 then
      tale = begin(connection, outside.journal[1])
    else
      return nil
    end
    read(tale, outside.journal)
    return tale
  end

  core.tell = { MOST = MOST, KEPT_FLAGS = KEPT_FLAGS, CONTROL = CONTROL, SECOND_SIDE = SECOND_SIDE,
      ZERO_WINDOW = ZERO_WINDOW, DAMAGED = DAMAGED, REPEATED = REPEATED, APART = APART, AIM = AIM, GAPS = GAPS,
      LENGTH = LENGTH, BARE_ACK = BARE_ACK, PAYLOAD = PAYLOAD, tell = tell, tell_strange = tell_strange,
      is_first = is_first, is_plain = is_plain, add_bit = add_bit, tell_payload = tell_payload, tell_ack = tell_ack,
      tell_fin = tell_fin, tell_copy = tell_copy, note_segment = note_segment, note = note, aim = aim,
      has_passed = has_passed, passed = passed, originator = originator, begin = begin, read = read, tale_of = tale_of }
end

-- core/rules/teardown.py: TD: the close. Rules that look at one segment; what needs the end of the connection is in
-- teardown_end.
do
  local from = core.connection
  local Excess = from.Excess
  from = core.evidence
  local NEAR_FIN, NEXT_INCARNATION, SCAN_FIT, SLACK, ack_seen, both_fins_acked, both_syns, continues, damaged, fits,
      has_hole, hides_incarnation, reopened, reset_before, stranger, syn_alone_seen = from.NEAR_FIN,
      from.NEXT_INCARNATION, from.SCAN_FIT, from.SLACK, from.ack_seen, from.both_fins_acked, from.both_syns,
      from.continues, from.damaged, from.fits, from.has_hole, from.hides_incarnation, from.reopened, from.reset_before,
      from.stranger, from.syn_alone_seen
  from = core.model
  local CHECKSUM_UNKNOWN, PSH, TEARDOWN, URG = from.CHECKSUM_UNKNOWN, from.PSH, from.TEARDOWN, from.URG
  from = core.note
  local fired, observed, undecided, violates = from.fired, from.observed, from.undecided, from.violates
  from = core.sequence
  local between, size, smaller = from.between, from.size, from.smaller
  local guilty_behind_fin
  local COUNTED_TWICE = 1
  local LOOP = 10
  local PADDING = 6

  -- core/rules/teardown.py:37: The FIN of this end acknowledges what its peer sent in this connection; a late copy of
  -- an older one does not.
  local function is_own_fin(endpoint, peer)
    local ack = endpoint.closing.min_ack
    return peer.iss < ack and ack <= peer.seen
  end

  -- core/rules/teardown.py:43: The sender continues at the number of a FIN that nobody confirmed: that FIN may be a
  -- stranger's.
  local function goes_on(arrival)
    local closing = arrival.own.closing
    return not closing.confirmed and arrival.seq <= closing.fin
  end

  -- core/rules/teardown.py:49: It went on like that before (TD004 has said so).
  local function doubted(arrival)
    for _, finding in ipairs(arrival.connection.findings) do
      if finding.side == arrival.side and finding.code == "TD004" and finding.why == "third-party" then
        return true
      end
    end
    return false
  end

  -- core/rules/teardown.py:57: Why a number behind the FIN proves nothing here; "" when nothing excuses it. `number`:
  -- where the stream ended.
  local function excuse(arrival, number)
    if arrival.segment.padding or stranger(arrival) then return "third-party" end
    if not arrival.segment.length_known then return "truncated" end
    if reset_before(arrival.connection) or reopened(arrival.connection) then
      return "order"
    end
    if arrival.own.closing.fin >= 0 and not is_own_fin(arrival.own, arrival.peer) then
      return "order"
    end
    if not arrival.own.iss_seen and arrival.own.first >= arrival.own.closing.fin and arrival.own.closing.fin >= 0 then
      return "mid-stream"
    end
    if hides_incarnation(arrival.peer) then return "hole" end
    if not fits(arrival) or not ack_seen(arrival) or not continues(arrival, number) then
      return "hole"
    end
    return ""
  end

  -- core/rules/teardown.py:76: TD006: a FIN without ACK inside a connection (RFC 9293 §3.1, §3.10.7.4 step 5).
  local function fin_without_ack(arrival)
    if arrival.has_ack or damaged(arrival) then return end
    local own = arrival.own
    local connection = arrival.connection
    if connection.segments == 0 or (band(arrival.flags, PSH) ~= 0 and band(arrival.flags, URG) ~= 0) then
      return
    end
    if not own.iss_seen and not own.got_syn and arrival.peer.segments == 0 then return end
    if not own.iss_seen then
      undecided(arrival, TEARDOWN, "TD006", "no-ack", "mid-stream", 0, -1, -1)
      return
    end
    if arrival.segment.checksum_state == CHECKSUM_UNKNOWN then
      undecided(arrival, TEARDOWN, "TD006", "no-ack", "truncated", 0, -1, -1)
      return
    end
    if own.nxt >= 0 and between(-SCAN_FIT, arrival.seq - own.nxt, SCAN_FIT) and not stranger(arrival) then
      violates(arrival, TEARDOWN, "TD006", "no-ack", 0, -1, -1)
    else
      undecided(arrival, TEARDOWN, "TD006", "no-ack", "third-party", 0, -1, -1)
    end
  end

  -- core/rules/teardown.py:98: The segment was sent after the peer's bare third step had come, as its acknowledgment
  -- shows.
  local function after_third_step(arrival)
    local begun = arrival.own.closing.begun
    if begun < 0 then return false end
    return arrival.ack > begun or (arrival.ack == begun and arrival.peer.closing.fin == begun - 1)
  end

  -- core/rules/teardown.py:110: TD002: the FIN stands inside data sent before, or just below the stream (RFC 9293 §3.4,
  -- §3.10.4).
  local function fin_before_end_of_data(arrival)
    local own = arrival.own
    local fin = arrival.seq + arrival.length
    if fin == own.closing.fin or damaged(arrival) or not arrival.has_ack then return end
    local unsure = not syn_alone_seen(own) and not after_third_step(arrival)
    if own.iss_seen and between(own.iss - NEAR_FIN, fin, own.iss) and not (unsure and own.data_end > fin) then
      local below = own.iss + 1 - fin
      if arrival.connection.removed_numbers or reset_before(arrival.connection) or stranger(arrival) then
        undecided(arrival, TEARDOWN, "TD002", "below-stream", "third-party", 0, below, -1)
      elseif not own.syn_acked then
        undecided(arrival, TEARDOWN, "TD002", "below-stream", "third-party", 0, below, -1)
      elseif reopened(arrival.connection) or not arrival.peer.iss_seen or arrival.ack <= arrival.peer.iss then
        undecided(arrival, TEARDOWN, "TD002", "below-stream", "order", 0, below, -1)
      elseif not ack_seen(arrival) then
        undecided(arrival, TEARDOWN, "TD002", "below-stream", "hole", 0, below, -1)
      elseif unsure then
        undecided(arrival, TEARDOWN, "TD002", "below-stream", "hole", 0, below, -1)
      else
        violates(arrival, TEARDOWN, "TD002", "below-stream", 0, below, -1)
      end
    elseif own.data_end > fin and own.data_end - fin < 16777216 then
      local why = excuse(arrival, own.data_end)
      if why == "" and has_hole(own) and own.gaps[#own.gaps] > fin then why = "hole" end
      if why == "" and not own.iss_seen and fin <= own.first then why = "mid-stream" end
      if why == "" then
        violates(arrival, TEARDOWN, "TD002", "inside-data", own.data_frame, own.data_end - fin, -1)
      else
        undecided(arrival, TEARDOWN, "TD002", "inside-data", why, own.data_frame, own.data_end - fin, -1)
      end
    end
  end

  -- core/rules/teardown.py:144: TD003: a second FIN at another place (RFC 9293 §3.10.4: only a retransmission of the
  -- FIN may follow).
  local function moved_fin(arrival)
    local closing = arrival.own.closing
    local fin = arrival.seq + arrival.length
    if closing.fin < 0 or fin == closing.fin or damaged(arrival) or not arrival.has_ack then
      return
    end
    if fin <= arrival.own.iss then return end
    local kind = "moved-up"
    if fin < closing.fin then kind = "moved-down" end
    local why = excuse(arrival, closing.fin_end)
    if fin < closing.fin and fin >= arrival.own.data_end then
      if closing.fin - fin <= PADDING then
        why = "third-party"
      elseif closing.fin - fin > NEXT_INCARNATION then
        why = "hole"
      end
    end
    if closing.no_ack or doubted(arrival) then why = "third-party" end
    if why == "" and not arrival.own.iss_seen and fin <= arrival.own.first then
      why = "mid-stream"
    end
    if why == "" then
      closing.lowest_end = smaller(closing.lowest_end, fin + 1)
      violates(arrival, TEARDOWN, "TD003", kind, closing.frame, size(fin - closing.fin), -1)
    else
      undecided(arrival, TEARDOWN, "TD003", kind, why, closing.frame, size(fin - closing.fin), -1)
    end
  end

  -- core/rules/teardown.py:173: TD004: payload beyond the own FIN (RFC 9293 §3.10.2). One octet at the place of the FIN
  -- is a keep-alive.
  local function data_after_fin(arrival)
    local closing = arrival.own.closing
    if closing.fin < 0 or arrival.length == 0 or arrival.seq + arrival.length <= closing.fin then
      return
    end
    if damaged(arrival) or fired(arrival, "TD003") or (arrival.fin and arrival.has_ack) then
      return
    end
    if arrival.length == 1 and arrival.seq == closing.fin then return end
    local why = excuse(arrival, closing.fin_end)
    if goes_on(arrival) or doubted(arrival) then why = "third-party" end
    if why == "" then
      violates(arrival, TEARDOWN, "TD004", "new-data", closing.frame, arrival.length, -1)
    else
      undecided(arrival, TEARDOWN, "TD004", "new-data", why, closing.frame, arrival.length, -1)
    end
  end

  -- core/rules/teardown.py:191: TD005: a bare ACK behind the own FIN that does not stand at fin + 1 but higher (RFC
  -- 9293 §3.4, §3.6).
  local function wrong_seq_after_fin(arrival)
    local closing = arrival.own.closing
    if closing.fin < 0 or arrival.length > 0 or arrival.fin or arrival.seq <= closing.lowest_end or
        damaged(arrival) then
      return
    end
    local beyond = arrival.seq - closing.lowest_end
    if not arrival.has_ack or beyond > 16777216 then return end
    if beyond > COUNTED_TWICE and guilty_behind_fin(arrival.connection, arrival.side) then
      return
    end
    local why = excuse(arrival, closing.fin_end)
    if why == "" and not both_syns(arrival.connection) then why = "mid-stream" end
    if why == "" and beyond <= COUNTED_TWICE then
      violates(arrival, TEARDOWN, "TD005", "seq-beyond-fin", closing.frame, beyond, -1)
    elseif why == "" then
      undecided(arrival, TEARDOWN, "TD005", "seq-beyond-fin", "hole", closing.frame, beyond, -1)
    else
      undecided(arrival, TEARDOWN, "TD005", "seq-beyond-fin", why, closing.frame, beyond, -1)
    end
  end

  -- core/rules/teardown.py:216: TD007: an ack just above the end of the peer's FIN, behind which nothing exists (RFC
  -- 9293 §3.10.7.4 step 5).
  local function ack_beyond_fin(arrival)
    local closing = arrival.peer.closing
    if closing.fin < 0 or arrival.ack <= closing.fin_end or arrival.syn or damaged(arrival) then
      return
    end
    local beyond = arrival.ack - closing.fin_end
    if beyond > NEAR_FIN or guilty_behind_fin(arrival.connection, arrival.peer.side) then
      return
    end
    local connection = arrival.connection
    local why = ""
    if connection.reuse_of >= 0 or #connection.chain.past > 0 or reset_before(connection) or reopened(connection) then
      why = "order"
    elseif not both_syns(connection) then
      why = "mid-stream"
    elseif not closing.confirmed or not fits(arrival) or not continues(arrival, arrival.own.nxt) then
      why = "hole"
    elseif stranger(arrival) then
      why = "third-party"
    end
    if why ~= "" then
      undecided(arrival, TEARDOWN, "TD007", "ack-beyond-fin", why, closing.frame, beyond, -1)
    elseif closing.excess == nil then
      closing.excess = Excess(arrival.frame, beyond, arrival.right)
    end
  end

  -- core/rules/teardown.py:244: For TD007: an ACK at the end of the own FIN, sent after the peer's ack of more.
  local function nothing_behind_fin(arrival)
    local closing = arrival.own.closing
    if closing.excess == nil or arrival.length > 0 or arrival.fin or damaged(arrival) or not arrival.has_ack then
      return
    end
    if arrival.seq == closing.fin_end and arrival.ack > closing.excess.right and ack_seen(arrival) then
      closing.excess.proved = true
    end
  end

  -- core/rules/teardown.py:257: This end's FIN stands against its other numbers: what follows is no second fault, of it
  -- or of its peer.
  function guilty_behind_fin(connection, side)
    for _, finding in ipairs(connection.findings) do
      if finding.side == side and (finding.code == "TD002" or finding.code == "TD003" or finding.code == "TD004") then
        return true
      end
    end
    return false
  end

  -- core/rules/teardown.py:265: TD009: a FIN that carries the last data (RFC 9293 §3.4: the FIN follows its payload).
  local function fin_with_data(arrival)
    if arrival.length == 0 or arrival.own.closing.fin >= 0 or damaged(arrival) then
      return
    end
    if not arrival.segment.length_known then
      undecided(arrival, TEARDOWN, "TD009", "data", "truncated", 0, arrival.length, -1)
    elseif arrival.segment.padding then
      undecided(arrival, TEARDOWN, "TD009", "data", "third-party", 0, arrival.length, -1)
    else
      observed(arrival, TEARDOWN, "TD009", "data", 0, arrival.length, -1)
    end
  end

  -- core/rules/teardown.py:277: TD013: the same FIN again (RFC 9293 §3.10.8).
  local function fin_retransmission(arrival)
    local own = arrival.own
    local closing = own.closing
    if closing.fin < 0 or arrival.seq + arrival.length ~= closing.fin or damaged(arrival) then
      return
    end
    local gap = arrival.time - closing.last_time
    if -SLACK < gap and gap < SLACK then
      undecided(arrival, TEARDOWN, "TD013", "copy", "order", closing.frame, gap, -1)
    elseif own.fin_acked then
      observed(arrival, TEARDOWN, "TD013", "after-ack", closing.frame, gap, -1)
    else
      observed(arrival, TEARDOWN, "TD013", "copy", closing.frame, gap, -1)
    end
  end

  -- core/rules/teardown.py:292: TD020: two ends that answer each other's bare ACKs without end, though both FINs were
  -- acknowledged.
  local function segment_after_close(arrival)
    local connection = arrival.connection
    if not both_fins_acked(connection) or damaged(arrival) or arrival.fin or arrival.length > 0 or
        not arrival.has_ack then
      return
    end
    local closing = arrival.own.closing
    if not between(closing.fin, arrival.seq, closing.fin_end) or arrival.ack < arrival.peer.closing.fin then
      return
    end
    if connection.lone_side ~= arrival.side then
      connection.lone_side = arrival.side
      connection.lone_acks = connection.lone_acks + 1
    end
    if connection.lone_acks > 2 * LOOP + 1 then
      violates(arrival, TEARDOWN, "TD020", "ack-loop", closing.frame, connection.lone_acks, -1)
    end
  end

  core.rules.teardown = { COUNTED_TWICE = COUNTED_TWICE, LOOP = LOOP, PADDING = PADDING, is_own_fin = is_own_fin,
      goes_on = goes_on, doubted = doubted, excuse = excuse, fin_without_ack = fin_without_ack,
      after_third_step = after_third_step, fin_before_end_of_data = fin_before_end_of_data, moved_fin = moved_fin,
      data_after_fin = data_after_fin, wrong_seq_after_fin = wrong_seq_after_fin, ack_beyond_fin = ack_beyond_fin,
      nothing_behind_fin = nothing_behind_fin, guilty_behind_fin = guilty_behind_fin, fin_with_data = fin_with_data,
      fin_retransmission = fin_retransmission, segment_after_close = segment_after_close }
end

-- core/layers.py: The layers around and between IP headers: links, tags and tunnels.
do
  local from = core.decoder
  local LAYER_ETHERNET, LAYER_IP, LAYER_LLC, LAYER_MPLS, LAYER_PPP, LAYER_PPPOE, LAYER_VLAN, cut, nest_link,
      number_link = from.LAYER_ETHERNET, from.LAYER_IP, from.LAYER_LLC, from.LAYER_MPLS, from.LAYER_PPP,
      from.LAYER_PPPOE, from.LAYER_VLAN, from.cut, from.nest_link, from.number_link
  from = core.options
  local number16, number32 = from.number16, from.number32
  from = core.skips
  local MALFORMED, NOT_IP, NOT_TCP, UNKNOWN_PROTOCOL = from.MALFORMED, from.NOT_IP, from.NOT_TCP, from.UNKNOWN_PROTOCOL
  local TAG_ETHERNET = 0
  local TAG_VLAN = 1
  local TAG_MPLS = 2
  local TAG_PPPOE = 3
  local TAG_GRE = 4
  local TAG_VXLAN = 5
  local TAG_IP = 6
  local ETHERTYPES = 1536
  local PPP_CONTROL = 32768

  -- core/layers.py:36: Whether the ethertype is one of the common ones that never lead to IP: no other decoder need be
  -- asked.
  local function carries_no_ip(ethertype)
    if ethertype == 0x0806 or ethertype == 0x8035 then return true end
    if ethertype == 0x88CC or ethertype == 0x8809 or ethertype == 0x9000 then
      return true
    end
    if ethertype == 0x888E or ethertype == 0x88E5 or ethertype == 0x8863 then
      return true
    end
    if ethertype == 0x88F7 or ethertype == 0x8137 or ethertype == 0x0842 then
      return true
    end
    return ethertype == 0x893A or ethertype == 0x88E1 or ethertype == 0x8899
  end

  -- core/layers.py:49: The layer that an ethertype announces.
  local function after_ethertype(decoder, ethertype)
    if ethertype == 0x0800 or ethertype == 0x86DD then return LAYER_IP end
    if ethertype == 0x8100 or ethertype == 0x88A8 or ethertype == 0x9100 then
      return LAYER_VLAN
    end
    if ethertype < ETHERTYPES then return LAYER_LLC end
    if ethertype == 0x8864 then return LAYER_PPPOE end
    if ethertype == 0x8847 or ethertype == 0x8848 then return LAYER_MPLS end
    if ethertype == 0x6558 then return LAYER_ETHERNET end
    if carries_no_ip(ethertype) then return NOT_IP end
    return UNKNOWN_PROTOCOL
  end

  -- core/layers.py:68: Ethernet, outermost or bridged through a tunnel.
  local function ethernet(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 14 > decoder.limit then return cut(decoder) end
    local link = number_link(decoder, sub(data, offset + 1, offset + 12))
    if offset == 0 and not decoder.assembled then
      decoder.link = link
    else
      nest_link(decoder, TAG_ETHERNET, link)
    end
    decoder.offset = offset + 14
    return after_ethertype(decoder, number16(data, offset + 12))
  end

  -- core/layers.py:83: One tag of IEEE 802.1Q, behind its ethertype.
  local function vlan(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 4 > decoder.limit then return cut(decoder) end
    nest_link(decoder, TAG_VLAN, byte(data, offset + 1) % 16 * 256 + byte(data, offset + 2))
    decoder.offset = offset + 4
    return after_ethertype(decoder, number16(data, offset + 2))
  end

  -- core/layers.py:94: IEEE 802.2. Only decides whether another decoder should be asked; what carries IP here is rare.
  local function llc(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 6 > decoder.limit then return NOT_IP end
    if byte(data, offset + 1) == 6 then return UNKNOWN_PROTOCOL end
    if byte(data, offset + 1) == 170 and byte(data, offset + 2) == 170 then
      if byte(data, offset + 4) == 0 and byte(data, offset + 5) == 0 and byte(data, offset + 6) == 0 then
        return UNKNOWN_PROTOCOL
      end
    end
    return NOT_IP
  end

  -- core/layers.py:109: Linux cooked capture, link type 113: packet type, device type, address of the sender, protocol.
  local function sll(decoder)
    local data = decoder.data
    if decoder.limit < 16 then return cut(decoder) end
    decoder.link = number_link(decoder, sub(data, 1, 14))
    decoder.offset = 16
    return after_ethertype(decoder, number16(data, 14))
  end

  -- core/layers.py:119: Linux cooked capture, link type 276: protocol, interface, device type, packet type, address of
  -- the sender.
  local function sll2(decoder)
    local data = decoder.data
    if decoder.limit < 20 then return cut(decoder) end
    decoder.link = number_link(decoder, sub(data, 5, 20))
    decoder.offset = 20
    return after_ethertype(decoder, number16(data, 0))
  end

  -- core/layers.py:129: BSD loopback: an address family in the byte order of the machine that captured.
  local function loopback(decoder)
    local data = decoder.data
    if decoder.limit < 4 then return cut(decoder) end
    local family = number16(data, 2)
    if byte(data, 3) == 0 and byte(data, 4) == 0 then
      family = byte(data, 2) * 256 + byte(data, 1)
    elseif byte(data, 1) ~= 0 or byte(data, 2) ~= 0 then
      return NOT_IP
    end
    decoder.offset = 4
    if family == 2 or family == 10 or family == 23 or family == 24 or family == 28 or family == 30 then
      return LAYER_IP
    end
    return NOT_IP
  end

  -- core/layers.py:146: PPP (RFC 1661), with or without address and control octets, with a protocol field of one or two
  -- octets.
  local function ppp(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 4 > decoder.limit then return cut(decoder) end
    if byte(data, offset + 1) == 255 and byte(data, offset + 2) == 3 then
      offset = offset + 2
    end
    local protocol = byte(data, offset + 1)
    if protocol % 2 == 1 then
      offset = offset + 1
    else
      protocol = number16(data, offset)
      offset = offset + 2
    end
    decoder.offset = offset
    if protocol == 0x0021 or protocol == 0x0057 then return LAYER_IP end
    if protocol == 0x0281 or protocol == 0x0283 then return LAYER_MPLS end
    if protocol >= PPP_CONTROL then return NOT_IP end
    return UNKNOWN_PROTOCOL
  end

  -- core/layers.py:170: PPP over Ethernet (RFC 2516), session stage.
  local function pppoe(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 6 > decoder.limit then return cut(decoder) end
    if byte(data, offset + 1) ~= 17 or byte(data, offset + 2) ~= 0 then return MALFORMED end
    nest_link(decoder, TAG_PPPOE, number16(data, offset + 2))
    decoder.offset = offset + 6
    return LAYER_PPP
  end

  -- core/layers.py:183: A stack of labels (RFC 3032). Nothing says what it carries, so the first four bits behind it
  -- decide.
  local function mpls(decoder)
    local data = decoder.data
    local offset = decoder.offset
    local bottom = false
    while not bottom do
      if offset + 5 > decoder.limit then return cut(decoder) end
      local label = floor(number32(data, offset) / 4096)
      nest_link(decoder, TAG_MPLS, label)
      bottom = byte(data, offset + 3) % 2 == 1
      offset = offset + 4
    end
    decoder.offset = offset
    local version = floor(byte(data, offset + 1) / 16)
    if version == 4 or version == 6 then return LAYER_IP end
    return UNKNOWN_PROTOCOL
  end

  -- core/layers.py:202: GRE (RFC 2784) with checksum, key and sequence number (RFC 2890); no source routes, no version
  -- 1.
  local function gre(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 4 > decoder.limit then return cut(decoder) end
    local bits = byte(data, offset + 1)
    if band(bits, 64) ~= 0 or byte(data, offset + 2) % 8 ~= 0 then
      return UNKNOWN_PROTOCOL
    end
    local protocol = number16(data, offset + 2)
    offset = offset + 4
    if band(bits, 128) ~= 0 then offset = offset + 4 end
    local key = 0
    if band(bits, 32) ~= 0 then
      if offset + 4 > decoder.limit then return cut(decoder) end
      key = number32(data, offset)
      offset = offset + 4
    end
    if band(bits, 16) ~= 0 then offset = offset + 4 end
    nest_link(decoder, TAG_GRE, key)
    decoder.offset = offset
    if protocol < ETHERTYPES then return UNKNOWN_PROTOCOL end
    return after_ethertype(decoder, protocol)
  end

  -- core/layers.py:230: UDP, for the sake of VXLAN (RFC 7348) on its own port.
  local function udp(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 4 > decoder.limit then return cut(decoder) end
    if byte(data, offset + 3) ~= 18 or byte(data, offset + 4) ~= 181 then return NOT_TCP end
    if offset + 16 > decoder.limit then return cut(decoder) end
    if band(byte(data, offset + 9), 8) == 0 then return NOT_TCP end
    nest_link(decoder, TAG_VXLAN, floor(number32(data, offset + 12) / 256))
    decoder.offset = offset + 16
    return LAYER_ETHERNET
  end

  core.layers = { TAG_ETHERNET = TAG_ETHERNET, TAG_VLAN = TAG_VLAN, TAG_MPLS = TAG_MPLS, TAG_PPPOE = TAG_PPPOE,
      TAG_GRE = TAG_GRE, TAG_VXLAN = TAG_VXLAN, TAG_IP = TAG_IP, ETHERTYPES = ETHERTYPES, PPP_CONTROL = PPP_CONTROL,
      carries_no_ip = carries_no_ip, after_ethertype = after_ethertype, ethernet = ethernet, vlan = vlan, llc = llc,
      sll = sll, sll2 = sll2, loopback = loopback, ppp = ppp, pppoe = pppoe, mpls = mpls, gre = gre, udp = udp }
end

-- core/tcp.py: The TCP header (RFC 9293 §3.1) as it was captured.
do
  local from = core.decoder
  local MAX_SUMS, cut = from.MAX_SUMS, from.cut
  from = core.model
  local CHECKSUM_PARTIAL, Options, Quote, Segment = from.CHECKSUM_PARTIAL, from.Options, from.Quote, from.Segment
  from = core.options
  local number16, number32, read_options, zeros = from.number16, from.number32, from.read_options, from.zeros
  from = core.skips
  local QUOTE, SEGMENT, UNREADABLE_QUOTE = from.QUOTE, from.SEGMENT, from.UNREADABLE_QUOTE
  local quoted_tcp
  local SHORTEST = 14

  -- core/tcp.py:22: The 16-bit words of the addresses in a connection key and the protocol number, added up.
  local function sum_of_addresses(key)
    if #key == 12 then
      return 6 + (byte(key, 1) + byte(key, 3) + byte(key, 5) + byte(key, 7)) * 256 + byte(key, 2) + byte(key, 4) +
          byte(key, 6) + byte(key, 8)
    end
    local total = 6
    for position = 0, #key - 5, 2 do
      total = total + (byte(key, position + 1) * 256 + byte(key, position + 2))
    end
    return total
  end

  -- core/tcp.py:32: Whether the checksum is the bare sum of the pseudo-header.
  local function is_partial(decoder, key, tcp_length, checksum)
    local addresses = decoder.sums[key]
    if addresses == nil then
      if decoder.sum_count >= MAX_SUMS then
        decoder.sums = {}
        decoder.sum_count = 0
      end
      addresses = sum_of_addresses(key)
      decoder.sums[key] = addresses
      decoder.sum_count = decoder.sum_count + 1
    end
    local pseudo = (addresses + tcp_length) % 65535
    if pseudo == 0 then return checksum == 65535 end
    return checksum == pseudo
  end

  -- core/tcp.py:49: Mark a header whose stated length cannot be right.
  local function read_invalid_header(decoder, segment, stated, captured, cut_off)
    segment.header_valid = false
    segment.odd = true
    segment.length_known = false
    segment.options = decoder.no_options
    local header = stated
    if stated < 20 then header = 20 end
    segment.header_captured = header
    if captured < header then segment.header_captured = captured end
    segment.truncated = cut_off and captured < stated
  end

  -- core/tcp.py:65: Fill the segment from the TCP header at `offset`, of which 14 octets lie before `limit` and in
  -- `tcp_length`.
  local function read_tcp(decoder, segment, data, offset, limit, tcp_length)
    local captured = limit - offset
    local cut_off = captured < tcp_length
    if not cut_off then captured = tcp_length end
    local high = byte(data, offset + 13)
    local stated = floor(high / 16) * 4
    segment.flags = high % 16 * 256 + byte(data, offset + 14)
    segment.seq = unsigned(data, offset + 5, offset + 8)
    segment.ack = unsigned(data, offset + 9, offset + 12)
    if captured >= 20 then
      segment.window = byte(data, offset + 15) * 256 + byte(data, offset + 16)
      segment.urgent = byte(data, offset + 19) * 256 + byte(data, offset + 20)
      if segment.urgent ~= 0 then segment.odd = true end
      local checksum = byte(data, offset + 17) * 256 + byte(data, offset + 18)
      segment.checksum = checksum
      local addresses = decoder.sums[segment.key]
      if addresses == nil or (addresses + tcp_length) % 65535 == checksum % 65535 then
        if is_partial(decoder, segment.key, tcp_length, checksum) then
          segment.checksum_state = CHECKSUM_PARTIAL
          segment.odd = true
        end
      end
    else
      if captured >= 16 then segment.window = number16(data, offset + 14) end
      if captured >= 18 then
        segment.checksum = number16(data, offset + 16)
        if is_partial(decoder, segment.key, tcp_length, segment.checksum) then
          segment.checksum_state = CHECKSUM_PARTIAL
          segment.odd = true
        end
      end
    end
    segment.header_stated = stated
    decoder.segment = segment
    decoder.tcp_offset = offset
    decoder.tcp_length = tcp_length
    if stated < 20 or stated > tcp_length then
      read_invalid_header(decoder, segment, stated, captured, cut_off)
      return SEGMENT
    end
    local length = tcp_length - stated
    segment.length = length
    if 0 < length and length <= 6 then
      local stop = offset + tcp_length
      if limit < stop then stop = limit end
      segment.padding = zeros(data, offset + stated, stop)
      if segment.padding then segment.odd = true end
    end
    if captured < stated then
      segment.header_captured = captured
      segment.truncated = true
      segment.odd = true
      if captured > 20 then
        segment.options = read_options(segment, data, offset + 20, offset + stated, limit)
      elseif stated > 20 then
        local options = Options()
        options.complete = false
        segment.options = options
      else
        segment.options = decoder.no_options
      end
      return SEGMENT
    end
    segment.header_captured = stated
    if stated == 20 then
      segment.options = decoder.no_options
    elseif stated == 32 and byte(data, offset + 21) == 1 and byte(data, offset + 22) == 1 and byte(data, offset +
        23) == 8 and byte(data, offset + 24) == 10 then
      segment.tsval = unsigned(data, offset + 25, offset + 28)
      segment.tsecr = unsigned(data, offset + 29, offset + 32)
      segment.options = decoder.no_options
    else
      segment.odd = true
      segment.options = read_options(segment, data, offset + 20, offset + stated, limit)
    end
    return SEGMENT
  end

  -- core/tcp.py:147: The layer: the TCP header at the cursor, as a segment or, inside an ICMP error, as a quotation.
  local function tcp(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if decoder.quoting then return quoted_tcp(decoder) end
    if decoder.payload < SHORTEST or offset + SHORTEST > decoder.limit then
      return cut(decoder)
    end
    local addresses = decoder.addresses
    local segment = Segment(decoder.frame, decoder.time, addresses .. sub(data, offset + 1, offset + 4), decoder.ip_id,
        decoder.hop_limit, decoder.ecn, decoder.link, decoder.interface)
    if decoder.offload then
      segment.offload = true
      segment.odd = true
      segment.length_known = decoder.whole
    end
    local result = read_tcp(decoder, segment, data, offset, decoder.limit, decoder.payload)
    if decoder.assembled then decoder.tcp_offset = -1 end
    return result
  end

  -- core/tcp.py:176: Finish the quotation begun by core/internet: ports, and the sequence number if it was quoted.
  function quoted_tcp(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 4 > decoder.limit then return UNREADABLE_QUOTE end
    local addresses = decoder.addresses
    local quote = Quote(decoder.frame, decoder.time, addresses .. sub(data, offset + 1, offset + 4))
    if offset + 8 <= decoder.limit then quote.seq = number32(data, offset + 4) end
    quote.version = decoder.icmp_version
    quote.type = decoder.icmp_type
    quote.code = decoder.icmp_code
    quote.hop_limit = decoder.icmp_hop_limit
    decoder.quote = quote
    return QUOTE
  end

  core.tcp = { SHORTEST = SHORTEST, sum_of_addresses = sum_of_addresses, is_partial = is_partial,
      read_invalid_header = read_invalid_header, read_tcp = read_tcp, tcp = tcp, quoted_tcp = quoted_tcp }
end

-- core/rules/checksum.py: FL014: a wrong checksum (RFC 9293 §3.1, MUST-2).
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.duplicate
  local HOP_WINDOW = from.HOP_WINDOW
  from = core.evidence
  local stranger = from.stranger
  from = core.model
  local INCONCLUSIVE, OTHER, VIOLATES = from.INCONCLUSIVE, from.OTHER, from.VIOLATES
  from = core.note
  local conclude, notes = from.conclude, from.notes
  from = core.sequence
  local unwrap = from.unwrap
  local doubt_about_damage, judge_damage, came_whole
  local MOST_KEPT = 8
  local PLACE = 65536

  -- core/rules/checksum.py:20: FL014: remember the damage until the same octets come again.
  local function wrong_checksum(arrival)
    local segment = arrival.segment
    local opening = arrival.own.opening
    local number = segment.seq * PLACE + arrival.length % PLACE
    local mark = segment.checksum * 1048576 + segment.ip_id % 1048576
    local kept = 0
    local one = opening.suspects
    while one ~= nil do
      if one.code == "FL014" then
        kept = kept + 1
        if one.number == number and arrival.length > 0 then
          if one.proof == 0 and one.mark ~= mark and arrival.time - one.time > HOP_WINDOW then
            one.proof = arrival.frame
            if one.why == "" then one.why = doubt_about_damage(arrival) end
          end
          return
        end
      end
      one = one.before
    end
    if kept < MOST_KEPT then
      local why = doubt_about_damage(arrival)
      opening.suspects = Suspect("FL014", arrival.frame, arrival.time, why, opening.suspects)
      opening.suspects.number = number
      opening.suspects.mark = mark
    end
  end

  -- core/rules/checksum.py:45: Why the segment may not be of this end.
  function doubt_about_damage(arrival)
    if not arrival.own.iss_seen then return "mid-stream" end
    if stranger(arrival) then return "third-party" end
    return ""
  end

  -- core/rules/checksum.py:54: FL014: damaged twice, and right at last; or damaged once, which is only noted.
  local function wrong_again(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local one = endpoint.opening.suspects
      while one ~= nil do
        if one.code == "FL014" then
          judge_damage(ending, endpoint, one)
        end
        one = one.before
      end
    end
  end

  -- core/rules/checksum.py:64: One place in the stream.
  function judge_damage(ending, endpoint, one)
    if one.proof == 0 then
      notes(ending, OTHER, "FL014", "damaged", endpoint.side, one.frame, 0, -1, -1)
      return
    end
    local why = one.why
    if why == "" and not came_whole(endpoint, one.number) then why = "hole" end
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    conclude(ending, OTHER, "FL014", "wrong-again", verdict, why, endpoint.side, one.proof, one.frame, -1, -1)
  end

  -- core/rules/checksum.py:78: The octets at this place were captured undamaged as well.
  function came_whole(endpoint, number)
    if endpoint.seen < 0 then return false end
    local start = unwrap(endpoint.nxt, floor(number / PLACE))
    local stop = start + number % PLACE
    if stop > endpoint.seen or (endpoint.first >= 0 and start < endpoint.first) then
      return false
    end
    local index = 0
    while index < #endpoint.gaps do
      if endpoint.gaps[index + 1] < stop and start < endpoint.gaps[index + 2] then
        return false
      end
      index = index + 2
    end
    return true
  end

  core.rules.checksum = { MOST_KEPT = MOST_KEPT, PLACE = PLACE, wrong_checksum = wrong_checksum,
      doubt_about_damage = doubt_about_damage, wrong_again = wrong_again, judge_damage = judge_damage,
      came_whole = came_whole }
end

-- core/rules/twice.py: CA010: one packet, captured at two points: before and behind a device that gives it another
-- address, or another way.
do
  local from = core.census
  local know_answer = from.know_answer
  from = core.duplicate
  local original = from.original
  from = core.model
  local OTHER = from.OTHER
  from = core.note
  local observed = from.observed
  from = core.seen
  local FRAME, HOP_LIMIT, INTERFACE, LINK = from.FRAME, from.HOP_LIMIT, from.INTERFACE, from.LINK
  from = core.sequence
  local between = from.between
  local BOTH_POINTS = 1000000

  -- core/rules/twice.py:18: CA010: this copy was taken on another link, or some hops further on.
  local function same_packet_elsewhere(arrival)
    local segment = arrival.segment
    local first = original(arrival.engine.recent, segment)
    if first == nil then return end
    if first[HOP_LIMIT + 1] ~= segment.hop_limit then
      observed(arrival, OTHER, "CA010", "other-hop", first[FRAME + 1], first[HOP_LIMIT + 1], segment.hop_limit)
    elseif first[LINK + 1] ~= segment.link or first[INTERFACE + 1] ~= segment.interface then
      observed(arrival, OTHER, "CA010", "other-link", first[FRAME + 1], -1, -1)
    end
  end

  -- core/rules/twice.py:30: CA010: a SYN-ACK that the capture holds already, between other addresses.
  local function same_answer_elsewhere(arrival)
    local segment = arrival.segment
    if segment.seq == 0 or arrival.own.opening.answer_frame > 0 then return end
    local census = arrival.engine.census
    local one = census.answers[segment.seq]
    if one == nil then
      know_answer(census, segment, arrival.connection.number)
      return
    end
    if one.key == segment.key or one.ack ~= segment.ack or one.tsval ~= segment.tsval then
      return
    end
    local alike = segment.tsval >= 0 or (segment.ip_id > 0 and segment.ip_id == one.ip_id)
    if alike and between(-BOTH_POINTS, arrival.time - one.time, BOTH_POINTS) then
      observed(arrival, OTHER, "CA010", "other-addresses", one.frame, one.connection, -1)
    end
  end

  core.rules.twice = { BOTH_POINTS = BOTH_POINTS, same_packet_elsewhere = same_packet_elsewhere,
      same_answer_elsewhere = same_answer_elsewhere }
end

-- core/rules/reset_after.py: RS007 and RS014: what happens after a RST, at the end that gets it and at the end that
-- sent it.
do
  local from = core.evidence
  local SLACK, both_syns, damaged, fits, has_hole, reopened, stranger, synchronised = from.SLACK, from.both_syns,
      from.damaged, from.fits, from.has_hole, from.reopened, from.stranger, from.synchronised
  from = core.model
  local INCONCLUSIVE, OBSERVED, SIDE_UNKNOWN, TEARDOWN, VIOLATES = from.INCONCLUSIVE, from.OBSERVED, from.SIDE_UNKNOWN,
      from.TEARDOWN, from.VIOLATES
  from = core.note
  local add, known, notes, observed, ran, said_before, spoke, undecided = from.add, from.known, from.notes,
      from.observed, from.ran, from.said_before, from.spoke, from.undecided
  from = core.outcome
  local SETTLED = from.SETTLED
  from = core.sequence
  local difference, larger = from.difference, from.larger
  local going_on_excuse, is_overtaken_fin, opened_frame, round_trip

  -- core/rules/reset_after.py:10: RS007: a RST in the window, but not at the number that is expected next (RFC 5961
  -- §3.2); or the RST after it.
  local function inexact_reset(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local before = said_before(arrival, "RS007", "inexact", arrival.side)
    if before ~= nil then
      local challenge = said_before(arrival, "RS007", "challenge-ack", peer.side)
      if challenge ~= nil and arrival.seq == peer.last_ack then
        observed(arrival, TEARDOWN, "RS007", "confirmed", challenge.frame, -1, -1)
      end
      return
    end
    if not synchronised(own) or not synchronised(peer) or peer.ackmax < 0 or own.seen < 0 or damaged(arrival) then
      return
    end
    if spoke(arrival, "RS005") ~= nil or arrival.seq > peer.ackmax + peer.wmax then
      return
    end
    local beyond = arrival.seq - own.nxt
    if beyond > 0 then
      if not both_syns(arrival.connection) then
        undecided(arrival, TEARDOWN, "RS007", "inexact", "mid-stream", own.last_frame, beyond, -1)
      elseif has_hole(own) then
        undecided(arrival, TEARDOWN, "RS007", "inexact", "hole", own.last_frame, beyond, -1)
      else
        observed(arrival, TEARDOWN, "RS007", "inexact", own.last_frame, beyond, -1)
      end
    elseif peer.ackmax < arrival.seq and arrival.seq < own.nxt then
      undecided(arrival, TEARDOWN, "RS007", "inexact", "hole", own.last_frame, arrival.seq - peer.ackmax, -1)
    end
  end

  -- core/rules/reset_after.py:37: RS007: the receiver of an inexact RST repeats its own numbers in a bare ACK (RFC 5961
  -- §3.2 item 3).
  local function reset_challenged(arrival)
    local own = arrival.own
    local before = said_before(arrival, "RS007", "inexact", arrival.peer.side)
    if before == nil or arrival.length > 0 or arrival.fin or not arrival.has_ack or damaged(arrival) then
      return
    end
    if arrival.seq == own.nxt and arrival.ack == own.last_ack then
      observed(arrival, TEARDOWN, "RS007", "challenge-ack", before.frame, -1, -1)
    end
  end

  -- core/rules/reset_after.py:47: RS007: silence after an inexact RST: it was obeyed, as RFC 793 had it, or the
  -- challenge was not captured.
  local function reset_not_challenged(ending)
    local connection = ending.connection
    for _, endpoint in ipairs(connection.ends) do
      local peer = connection.ends[2 - endpoint.side]
      local inexact = known(connection.findings, "RS007", "inexact", OBSERVED, "", endpoint.side)
      if inexact ~= nil and peer.last_frame < inexact.frame and ran(ending, endpoint.last_time, SETTLED) then
        notes(ending, TEARDOWN, "RS007", "no-challenge", peer.side, inexact.frame, 0, -1, -1)
      end
    end
  end

  -- core/rules/reset_after.py:57: RS014: an end goes on after its RST (RFC 9293 §3.10.5: nothing is left that could).
  -- So it was not its RST.
  local function traffic_after_own_reset(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local closing = own.closing
    local connection = arrival.connection
    if not arrival.has_ack or damaged(arrival) then return end
    if closing.rst_frame < opened_frame(connection) then return end
    local fresh = arrival.right > own.nxt
    local answers = peer.data_frame > closing.rst_last_frame and arrival.ack >= peer.data_end
    if not fresh and not answers then return end
    local since = arrival.time - closing.rst_time
    local why = going_on_excuse(arrival, since, answers)
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, TEARDOWN, "RS014", "goes-on", verdict, why, SIDE_UNKNOWN, closing.rst_frame, since, -1)
  end

  -- core/rules/reset_after.py:83: Why a segment behind the RST of its sender proves nothing; "" when nothing excuses
  -- it.
  function going_on_excuse(arrival, since, answers)
    local own = arrival.own
    local closing = own.closing
    local connection = arrival.connection
    if not both_syns(connection) then return "mid-stream" end
    if opened_frame(connection) == 0 then return "hole" end
    if stranger(arrival) then return "third-party" end
    if reopened(connection) then return "order" end
    if since <= larger(SLACK, round_trip(connection)) then return "order" end
    if arrival.right <= closing.rst_seq and not answers then return "order" end
    if is_overtaken_fin(arrival) and not answers then return "order" end
    if own.tsval >= 0 and arrival.segment.tsval >= 0 and difference(arrival.segment.tsval, own.tsval) < 0 then
      return "order"
    end
    if not fits(arrival) or arrival.seq > larger(own.nxt, closing.rst_seq) then
      return "hole"
    end
    return ""
  end

  -- core/rules/reset_after.py:109: A FIN at the number of a RST without ACK: an end that has closed answers data so,
  -- and the RST may overtake it.
  function is_overtaken_fin(arrival)
    local closing = arrival.own.closing
    return arrival.fin and arrival.length == 0 and closing.rst_ack < 0 and arrival.seq == closing.rst_seq
  end

  -- core/rules/reset_after.py:115: Frame that completed the opening: the third step, or the second SYN-ACK of SYNs that
  -- crossed; 0: not captured.
  function opened_frame(connection)
    local zero = connection.ends[1].opening
    local one = connection.ends[2].opening
    if connection.third_frame == 0 and zero.answer_frame > 0 and one.answer_frame > 0 then
      return larger(zero.answer_frame, one.answer_frame)
    end
    return connection.third_frame
  end

  -- core/rules/reset_after.py:124: µs from the SYN to the third step, 0 when a step was not captured.
  function round_trip(connection)
    local zero = connection.ends[1].opening
    local one = connection.ends[2].opening
    local opened = zero.alone_time
    if zero.alone_frame == 0 then opened = one.alone_time end
    if connection.third_frame == 0 or (zero.alone_frame == 0 and one.alone_frame == 0) then
      return 0
    end
    return larger(0, connection.third_time - opened)
  end

  core.rules.reset_after = { inexact_reset = inexact_reset, reset_challenged = reset_challenged,
      reset_not_challenged = reset_not_challenged, traffic_after_own_reset = traffic_after_own_reset,
      going_on_excuse = going_on_excuse, is_overtaken_fin = is_overtaken_fin, opened_frame = opened_frame,
      round_trip = round_trip }
end

-- core/rules/reopen.py: ID: how a pair of addresses and ports is opened again, and what the end in TIME-WAIT makes of
-- it.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.evidence
  local damaged = from.damaged
  from = core.model
  local INCONCLUSIVE, OBSERVED, OTHER, VIOLATES = from.INCONCLUSIVE, from.OBSERVED, from.OTHER, from.VIOLATES
  from = core.note
  local add, fired, leaves_open, notes, ran = from.add, from.fired, from.leaves_open, from.notes, from.ran
  from = core.outcome
  local SETTLED = from.SETTLED
  from = core.sequence
  local MODULUS, between, difference = from.MODULUS, from.between, from.difference
  from = core.rules.reuse
  local FIELD_TIME_WAIT, RFC_TIME_WAIT = from.FIELD_TIME_WAIT, from.RFC_TIME_WAIT
  local reopened_by, judge_patience, accepts, judge_inside, eligible, kept_try
  local ABOVE_WINDOW = 65535
  local QUIET_TIME = 120000000
  local BOOT_TICKS = 120000

  -- core/rules/reopen.py:26: The SYN that opens a pair again, at the frame that shows it to be one, and the incarnation
  -- before.
  local function Reopening(past, side, number, tsval, time, frame)
    return {
      past = past,
      side = side,
      number = number,
      tsval = tsval,
      time = time,
      frame = frame,
      gap = time - past.time,
    }
  end

  -- core/rules/reopen.py:36: The incarnation that this connection follows, or None.
  local function past_of(connection)
    local past = connection.chain.past
    if connection.reuse_of < 0 or #past == 0 or past[#past].number ~= connection.reuse_of then
      return nil
    end
    return past[#past]
  end

  -- core/rules/reopen.py:44: The Reopening that this frame shows, or None: the first SYN of a connection that follows
  -- an ended one.
  local function reopening(arrival)
    local past = past_of(arrival.connection)
    if past == nil or arrival.has_ack then return nil end
    if arrival.committed then return reopened_by(past, arrival.own) end
    if arrival.connection.segments > 0 then return nil end
    local segment = arrival.segment
    return Reopening(past, arrival.side, segment.seq, segment.tsval, arrival.time, arrival.frame)
  end

  -- core/rules/reopen.py:57: The Reopening by the SYN of an end that has been captured before.
  function reopened_by(past, opener)
    local opening = opener.opening
    local number = opener.iss % MODULUS
    return Reopening(past, opener.side, number, opening.tsval, opening.alone_time, opening.alone_frame)
  end

  -- core/rules/reopen.py:64: Raw number behind the last of an end of the old connection; -1 when not known.
  local function high_of(past, side)
    if side == 0 then return past.high0 end
    return past.high1
  end

  -- core/rules/reopen.py:71: Raw first number of an end of the old connection.
  local function low_of(past, side)
    if side == 0 then return past.low0 end
    return past.low1
  end

  -- core/rules/reopen.py:78: Last timestamp of an end of the old connection; -1 without timestamps.
  local function tsval_of(past, side)
    if side == 0 then return past.tsval0 end
    return past.tsval1
  end

  -- core/rules/reopen.py:85: The largest window that was offered to an end of the old connection.
  local function window_towards(past, side)
    if side == 0 then return past.window1 end
    return past.window0
  end

  -- core/rules/reopen.py:92: This end was left in TIME-WAIT, or nobody knows which was.
  local function may_wait(past, side)
    return past.orderly and not past.reset and (past.closer == side or past.closer == 2 or past.closer < 0)
  end

  -- core/rules/reopen.py:97: The timestamp shows that the segment is none of the old connection, which may have had no
  -- timestamps at all.
  local function newer(tsval, old)
    return tsval >= 0 and (old < 0 or difference(tsval, old) > 0)
  end

  -- core/rules/reopen.py:102: Why nobody knows whether an end was still in TIME-WAIT; "" when it was.
  local function doubt(arrival, past, gap)
    if past.closer < 0 then return "hole" end
    if gap >= FIELD_TIME_WAIT or arrival.engine.clock_breaks > past.breaks then
      return "order"
    end
    return ""
  end

  -- core/rules/reopen.py:111: A breach, or what leaves it open.
  local function say(arrival, code, kind, why, side, frame, number)
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, OTHER, code, kind, verdict, why, side, frame, number, -1)
  end

  -- core/rules/reopen.py:119: ID004: the end that closed first opens the pair again while it has to wait (RFC 9293
  -- §3.6.1 MUST-13).
  local function active_closer_reopens_early(arrival)
    local again = reopening(arrival)
    if again ~= nil then
      judge_patience(arrival, again)
    end
  end

  -- core/rules/reopen.py:126: ID004 for the end that opens again.
  function judge_patience(arrival, again)
    local past = again.past
    if again.gap >= RFC_TIME_WAIT or not may_wait(past, again.side) then return end
    local high = high_of(past, again.side)
    local clear_ = high >= 0 and difference(again.number, high) > ABOVE_WINDOW
    clear_ = clear_ or newer(again.tsval, tsval_of(past, again.side))
    if past.closer >= 0 and again.gap >= FIELD_TIME_WAIT then
      add(arrival, OTHER, "ID004", "late", OBSERVED, "", again.side, again.frame, again.gap, -1)
    elseif past.closer >= 0 and clear_ then
      add(arrival, OTHER, "ID004", "kept-clear", OBSERVED, "", again.side, again.frame, again.gap, -1)
    elseif not clear_ then
      say(arrival, "ID004", "early", doubt(arrival, past, again.gap), again.side, again.frame, again.gap)
    end
  end

  -- core/rules/reopen.py:142: ID006: an initial number that the same end used in the connection before (RFC 9293 §3.4.1
  -- MUST-8).
  local function isn_inside_old_connection(arrival)
    local again = reopening(arrival)
    if again ~= nil then
      judge_inside(arrival, again)
    end
    local past = past_of(arrival.connection)
    if past ~= nil and accepts(arrival) then
      local segment = arrival.segment
      judge_inside(arrival, Reopening(past, arrival.side, segment.seq, segment.tsval, arrival.time, arrival.frame))
    end
  end

  -- core/rules/reopen.py:153: The third step of a connection whose SYN was taken for a part of the one before: only now
  -- it is its opener's own.
  local function opened_unseen(arrival)
    local past = past_of(arrival.connection)
    local opening = arrival.own.opening
    if past == nil or opening.alone_frame == 0 then return end
    for _, finding in ipairs(arrival.connection.findings) do
      if finding.side == arrival.side and (finding.code == "ID004" or finding.code == "ID006") then
        return
      end
    end
    local again = reopened_by(past, arrival.own)
    judge_patience(arrival, again)
    judge_inside(arrival, again)
  end

  -- core/rules/reopen.py:170: The first SYN-ACK of its sender, and it acknowledges the captured SYN.
  function accepts(arrival)
    local asker = arrival.peer
    if not arrival.syn or not arrival.has_ack or arrival.own.opening.answer_frame > 0 or damaged(arrival) then
      return false
    end
    if asker.opening.alone_frame == 0 then return false end
    return between(asker.iss + 1, arrival.ack, asker.iss + 1 + asker.opening.length)
  end

  -- core/rules/reopen.py:180: ID006 for one end.
  function judge_inside(arrival, again)
    local past = again.past
    local low = low_of(past, again.side)
    local high = high_of(past, again.side)
    if again.gap >= RFC_TIME_WAIT or high < 0 or fired(arrival, "ID002") or fired(arrival, "ID004") then
      return
    end
    local above = difference(again.number, low)
    local beyond = difference(again.number, high)
    local old = tsval_of(past, again.side)
    if above >= 0 and beyond < 0 then
      if old >= 0 and newer(again.tsval, old) then
        add(arrival, OTHER, "ID006", "inside-stamped", OBSERVED, "", again.side, again.frame, above, -1)
      elseif arrival.engine.clock_breaks > past.breaks then
        say(arrival, "ID006", "inside", "order", again.side, again.frame, above)
      else
        say(arrival, "ID006", "inside", "", again.side, again.frame, above)
      end
    elseif between(0, beyond, window_towards(past, again.side) - 1) and not past.orderly then
      if old < 0 or not newer(again.tsval, old) then
        say(arrival, "ID006", "inside", "hole", again.side, again.frame, above)
      end
    end
  end

  -- core/rules/reopen.py:202: ID003: an end leaves TIME-WAIT for a SYN that may be an old one (RFC 6191 §2, RFC 9293
  -- SHLD-4).
  local function time_wait_reopen_ineligible_syn(arrival)
    local past = past_of(arrival.connection)
    if past == nil or not accepts(arrival) or not may_wait(past, arrival.side) then
      return
    end
    local asker = arrival.peer
    local gap = arrival.time - past.time
    local high = high_of(past, asker.side)
    if gap >= RFC_TIME_WAIT or high < 0 then return end
    local stamps = asker.opening.tsval >= 0 and arrival.segment.tsval >= 0
    if eligible(asker.iss % MODULUS, high, asker.tsval, tsval_of(past, asker.side), stamps) then
      return
    end
    local why = doubt(arrival, past, gap)
    local tried = kept_try(asker)
    if tried ~= nil and tried.copies > 1 then return end
    if why == "" and (asker.opening.alone_copies > 1 or (tried ~= nil and tried.proof > 0)) then
      why = "hole"
    end
    say(arrival, "ID003", "accepted", why, arrival.side, asker.opening.alone_frame, gap)
  end

  -- core/rules/reopen.py:224: RFC 6191 §2: a newer timestamp, or none that could be older and a number above that of
  -- the old FIN.
  function eligible(number, high, tsval, old, stamps)
    local above = difference(number, high) >= 0
    if not stamps then return above end
    if old < 0 then return true end
    local step = difference(tsval, old)
    return step > 0 or (step == 0 and above)
  end

  -- core/rules/reopen.py:238: What was kept of a SYN to an end in TIME-WAIT, or None.
  function kept_try(endpoint)
    local one = endpoint.opening.suspects
    while one ~= nil and one.code ~= "ID005" do
      one = one.before
    end
    return one
  end

  -- core/rules/reopen.py:246: A SYN meets an end in TIME-WAIT: keep it until its answer is known.
  local function keep_try(arrival)
    local again = reopening(arrival)
    if again == nil or arrival.committed or again.gap >= RFC_TIME_WAIT or not may_wait(again.past, 1 - again.side) then
      return
    end
    local past = again.past
    local opening = arrival.own.opening
    local why = doubt(arrival, past, again.gap)
    opening.suspects = Suspect("ID005", arrival.frame, again.gap, why, opening.suspects)
    local high = high_of(past, again.side)
    local old = tsval_of(past, again.side)
    local above = high >= 0 and difference(again.number, high) >= 0
    local sure = above and again.tsval < 0
    if above and old < 0 then sure = true end
    if old >= 0 and again.tsval >= 0 and high >= 0 then
      sure = eligible(again.number, high, again.tsval, old, true)
    end
    if sure then opening.suspects.number = 1 end
  end

  -- core/rules/reopen.py:267: An ACK or a RST in answer to a SYN that met TIME-WAIT, or the RST with which its sender
  -- answers that ACK.
  local function hear_old_reply(arrival)
    if damaged(arrival) or arrival.syn then return end
    local tried = kept_try(arrival.peer)
    if tried ~= nil and arrival.own.opening.answer_frame == 0 and tried.proof == 0 then
      if arrival.rst or arrival.has_ack then
        tried.proof = arrival.frame
        tried.mark = 0
        if arrival.rst then tried.mark = 1 end
      end
      return
    end
    tried = kept_try(arrival.own)
    if tried ~= nil and arrival.rst and tried.proof > 0 and tried.mark == 0 then
      tried.copies = 2
    end
  end

  -- core/rules/reopen.py:284: ID005: a SYN to an end in TIME-WAIT was answered by silence, an old ACK or a RST (RFC
  -- 9293 §3.10.7.4).
  local function syn_dropped_in_time_wait(ending)
    local tried = kept_try(ending.opener)
    if tried == nil then return end
    local side = 1 - ending.client
    local opening = ending.opener.opening
    local kind = "silence"
    local frame = opening.alone_last_frame
    local why = tried.why
    if tried.proof > 0 then
      frame = tried.proof
      kind = "old-ack"
      if tried.mark == 1 then
        kind = "reset"
      elseif tried.copies > 1 then
        kind = "old-ack-reset"
      end
    elseif ending.answerer.last_frame > 0 or ending.connection.quote ~= nil then
      return
    elseif not ending.connection.superseded and not ran(ending, opening.alone_last_time, SETTLED) then
      why = "capture-end"
    elseif ending.one_way_capture then
      why = "one-way"
    elseif why == "" and opening.alone_copies < 2 then
      why = "hole"
    end
    local copies = opening.alone_copies
    if why ~= "" then
      leaves_open(ending, OTHER, "ID005", kind, why, side, frame, tried.frame, copies, -1)
      return
    end
    notes(ending, OTHER, "ID005", kind, side, frame, tried.frame, copies, -1)
    if tried.number == 1 and kind ~= "reset" then
      notes(ending, OTHER, "ID003", "refused", side, frame, tried.frame, tried.time, -1)
    end
  end

  -- core/rules/reopen.py:318: ID011: a hint that a restarted host opens an old pair before old segments are gone (RFC
  -- 9293 §3.4.2).
  local function no_quiet_time(arrival)
    local again = reopening(arrival)
    if again == nil or again.gap >= QUIET_TIME or again.tsval < 0 or again.tsval > BOOT_TICKS then
      return
    end
    local old = tsval_of(again.past, again.side)
    if old > 2 * BOOT_TICKS and difference(again.tsval, old) < 0 then
      say(arrival, "ID011", "restarted", "far-tap", again.side, again.frame, again.gap)
    end
  end

  core.rules.reopen = { ABOVE_WINDOW = ABOVE_WINDOW, QUIET_TIME = QUIET_TIME, BOOT_TICKS = BOOT_TICKS,
      Reopening = Reopening, past_of = past_of, reopening = reopening, reopened_by = reopened_by, high_of = high_of,
      low_of = low_of, tsval_of = tsval_of, window_towards = window_towards, may_wait = may_wait, newer = newer,
      doubt = doubt, say = say, active_closer_reopens_early = active_closer_reopens_early,
      judge_patience = judge_patience, isn_inside_old_connection = isn_inside_old_connection,
      opened_unseen = opened_unseen, accepts = accepts, judge_inside = judge_inside,
      time_wait_reopen_ineligible_syn = time_wait_reopen_ineligible_syn, eligible = eligible, kept_try = kept_try,
      keep_try = keep_try, hear_old_reply = hear_old_reply, syn_dropped_in_time_wait = syn_dropped_in_time_wait,
      no_quiet_time = no_quiet_time }
end

-- core/rules/unheard.py: TD011, TD014 and RS010: the peer repeats what an end that has sent its FIN does not answer.
do
  local from = core.connection
  local Unheard = from.Unheard
  from = core.distance
  local near = from.near
  from = core.evidence
  local SLACK, both_syns, damaged, fin_first, has_hole, reopened, reset_before = from.SLACK, from.both_syns,
      from.damaged, from.fin_first, from.has_hole, from.reopened, from.reset_before
  from = core.model
  local TEARDOWN, VIOLATES = from.TEARDOWN, from.VIOLATES
  from = core.note
  local conclude, leaves_open, ran = from.conclude, from.leaves_open, from.ran
  from = core.outcome
  local SETTLED = from.SETTLED
  from = core.sequence
  local larger = from.larger
  from = core.rules.reuse
  local FIELD_TIME_WAIT = from.FIELD_TIME_WAIT
  local count_fin, time_wait_since, count, report
  local DATA_COPIES = 3
  local FIN_COPIES = 2
  local ACK_RATE = 500000
  local LAST_WAIT = 1000000

  -- core/rules/unheard.py:24: A segment with data or FIN that its sender has sent before, to an end that has sent its
  -- FIN.
  local function keep_repeated(arrival)
    local silent = arrival.peer
    if arrival.new or not arrival.has_ack or damaged(arrival) or reset_before(arrival.connection) then
      return
    end
    if arrival.fin then
      if arrival.seq + arrival.length == arrival.own.closing.fin and arrival.own.fin_acked then
        count_fin(arrival, silent)
      end
    elseif arrival.right > silent.ackmax and silent.ackmax >= 0 then
      count(arrival, silent, false)
    end
  end

  -- core/rules/unheard.py:36: A copy of a FIN that was acknowledged. Those count that a TIME-WAIT of any deployed
  -- length has to answer.
  function count_fin(arrival, silent)
    if arrival.time - time_wait_since(arrival.own, silent) >= FIELD_TIME_WAIT then
      return
    end
    if arrival.time - silent.last_time >= ACK_RATE then
      count(arrival, silent, true)
    end
  end

  -- core/rules/unheard.py:44: When the end that closed first had heard both: its FIN acknowledged, and the FIN of its
  -- peer.
  function time_wait_since(passive, active)
    return larger(passive.closing.acked_time, active.closing.acked_time)
  end

  -- core/rules/unheard.py:49: One more repetition, or the first of another segment.
  function count(arrival, silent, fin)
    local closing = silent.closing
    local unheard = closing.unheard
    if unheard == nil or unheard.number ~= arrival.seq or unheard.fin ~= fin then
      closing.unheard = Unheard(arrival.seq, fin, arrival.frame, arrival.time)
    elseif arrival.time - unheard.last_time > SLACK then
      unheard.copies = unheard.copies + 1
      unheard.last_frame = arrival.frame
      unheard.last_time = arrival.time
    end
  end

  -- core/rules/unheard.py:61: A segment of the end that has not answered so far. A window of 0 is an answer, a RST is
  -- one.
  local function hear(arrival)
    local closing = arrival.own.closing
    local unheard = closing.unheard
    if damaged(arrival) then return end
    local answers = unheard.fin or arrival.ack > unheard.number or arrival.segment.window == 0
    if arrival.rst or #arrival.segment.options.sack > 0 or (arrival.has_ack and answers) then
      closing.unheard = nil
    else
      unheard.refusals = unheard.refusals + 1
    end
  end

  -- core/rules/unheard.py:74: TD011: no answer to data behind the own FIN. RS010: answers, but neither an
  -- acknowledgment nor a RST.
  local function half_closed_peer_silent(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local unheard = endpoint.closing.unheard
      if unheard == nil or unheard.fin or unheard.copies < DATA_COPIES then goto next_76 end
      if endpoint.fin_acked and unheard.refusals > 0 then
        report(ending, endpoint, "RS010", "not-reset", SETTLED)
      else
        report(ending, endpoint, "TD011", "silent", SETTLED)
      end
      ::next_76::
    end
  end

  -- core/rules/unheard.py:86: TD014: the last FIN comes again and again, and the end in TIME-WAIT says nothing (RFC
  -- 9293 MUST-13).
  local function unanswered_fin_in_time_wait(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local unheard = endpoint.closing.unheard
      local peer = ending.connection.ends[2 - endpoint.side]
      if unheard == nil or not unheard.fin or unheard.copies < FIN_COPIES then
        goto next_88
      end
      if endpoint.fin_acked and fin_first(endpoint, peer) == 1 then
        report(ending, endpoint, "TD014", "silent", LAST_WAIT)
      end
      ::next_88::
    end
  end

  -- core/rules/unheard.py:97: A fault of this end, if the tap stands where it can tell.
  function report(ending, endpoint, code, kind, wait)
    local connection = ending.connection
    local unheard = endpoint.closing.unheard
    local why = ""
    if not both_syns(connection) then
      why = "mid-stream"
    elseif reopened(connection) or ending.clock_broken then
      why = "order"
    elseif has_hole(endpoint) then
      why = "hole"
    elseif not near(connection, endpoint.side) then
      why = "far-tap"
    elseif not ran(ending, unheard.last_time, wait) then
      why = "capture-end"
    end
    local frame = unheard.last_frame
    local copies = unheard.copies
    if why == "" then
      conclude(ending, TEARDOWN, code, kind, VIOLATES, "", endpoint.side, frame, unheard.frame, copies, -1)
    else
      leaves_open(ending, TEARDOWN, code, kind, why, endpoint.side, frame, unheard.frame, copies, -1)
    end
  end

  core.rules.unheard = { DATA_COPIES = DATA_COPIES, FIN_COPIES = FIN_COPIES, ACK_RATE = ACK_RATE, LAST_WAIT = LAST_WAIT,
      keep_repeated = keep_repeated, count_fin = count_fin, time_wait_since = time_wait_since, count = count,
      hear = hear, half_closed_peer_silent = half_closed_peer_silent,
      unanswered_fin_in_time_wait = unanswered_fin_in_time_wait, report = report }
end

-- core/facts.py: Facts and the states that follow from them (RFC 9293 §3.3.2, seen from a tap).
do
  local from = core.connection
  local HalfClose = from.HalfClose
  from = core.evidence
  local SLACK, fin_first = from.SLACK, from.fin_first
  from = core.learn
  local learn_fin, learn_rst, learn_syn, note_late_syn, void_resets = from.learn_fin, from.learn_rst, from.learn_syn,
      from.note_late_syn, from.void_resets
  from = core.model
  local CLOSE_WAIT, CLOSED, CLOSING, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, LAST_ACK, LISTEN, SYN_RECEIVED, SYN_SENT,
      TIME_WAIT, UNKNOWN = from.CLOSE_WAIT, from.CLOSED, from.CLOSING, from.ESTABLISHED, from.FIN_WAIT_1,
      from.FIN_WAIT_2, from.LAST_ACK, from.LISTEN, from.SYN_RECEIVED, from.SYN_SENT, from.TIME_WAIT, from.UNKNOWN
  from = core.offer
  local learn_timestamps = from.learn_timestamps
  from = core.sequence
  local FAR, MODULUS, between, larger, unwrap = from.FAR, from.MODULUS, from.between, from.larger, from.unwrap
  local takes_syn_twice, is_bare_ack, adopt_other_iss, infer_syns, note_window, half_close
  local MOST_GAPS = 32

  -- core/facts.py:31: Look at the segment as one of `connection`: own end and peer, unwrapped numbers.
  local function place(arrival, connection)
    local segment = arrival.segment
    local side = 0
    if segment.key ~= connection.chain.key then side = 1 end
    local own = connection.ends[side + 1]
    local peer = connection.ends[2 - side]
    arrival.connection = connection
    arrival.side = side
    arrival.own = own
    arrival.peer = peer
    local nxt = own.nxt
    local seq
    if nxt < 0 then
      seq = MODULUS + segment.seq
      arrival.seq_near = true
    else
      seq = unwrap(nxt, segment.seq)
      arrival.seq_near = seq - nxt <= FAR and nxt - seq <= FAR
    end
    arrival.seq = seq
    arrival.ack = -1
    arrival.ack_near = false
    arrival.ack_far = false
    if arrival.has_ack then
      local known = peer.nxt
      if known < 0 then
        arrival.ack = MODULUS + segment.ack
      else
        local ack = unwrap(known, segment.ack)
        arrival.ack = ack
        arrival.ack_near = ack - known <= FAR and known - ack <= FAR
        arrival.ack_far = not arrival.ack_near
      end
    end
    local right = seq + arrival.length
    if arrival.syn then right = right + 1 end
    if arrival.fin then right = right + 1 end
    arrival.right = right
    arrival.new = right > nxt
  end

  -- core/facts.py:72: The range [start, stop) of this end was passed over.
  local function add_gap(endpoint, start, stop, frame)
    if #endpoint.gaps == 0 then endpoint.hole_frame = frame end
    if #endpoint.gaps < MOST_GAPS then
      endpoint.gaps[#endpoint.gaps + 1] = start
      endpoint.gaps[#endpoint.gaps + 1] = stop
    else
      endpoint.gaps[#endpoint.gaps] = stop
    end
  end

  -- core/facts.py:83: The range [start, stop) of this end was captured after all: cut it out of the missing ranges.
  local function fill_gaps(endpoint, start, stop)
    local kept = {}
    local index = 0
    while index < #endpoint.gaps do
      local low = endpoint.gaps[index + 1]
      local high = endpoint.gaps[index + 2]
      if stop <= low or start >= high then
        kept[#kept + 1] = low
        kept[#kept + 1] = high
      else
        if low < start then
          kept[#kept + 1] = low
          kept[#kept + 1] = start
        end
        if stop < high then
          kept[#kept + 1] = stop
          kept[#kept + 1] = high
        end
      end
      index = index + 2
    end
    endpoint.gaps = kept
  end

  -- core/facts.py:104: Follow the sender's numbers. Nothing exists beyond a FIN, so nothing beyond it moves them.
  local function advance(arrival)
    local own = arrival.own
    local seq = arrival.seq
    local right = arrival.right
    if own.first < 0 then own.first = seq end
    if own.nxt < 0 then
      own.nxt = right
    elseif own.closing.fin >= 0 and right > own.closing.fin_end then
      return
    elseif seq > own.nxt then
      add_gap(own, own.nxt, seq, arrival.frame)
      own.nxt = right
    else
      if #own.gaps > 0 then
        fill_gaps(own, seq, right)
      end
      if right > own.nxt then own.nxt = right end
    end
    if right > own.seen then own.seen = right end
    local payload = arrival.length > 1 and not arrival.syn and not arrival.segment.padding
    local older = arrival.peer.iss_seen and arrival.ack <= arrival.peer.iss
    if payload and not older and seq + arrival.length > own.data_end then
      own.data_end = seq + arrival.length
      own.data_frame = arrival.frame
    end
  end

  -- core/facts.py:133: What this segment's ack says about its sender and, tentatively, about the peer.
  local function acknowledge(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local ack = arrival.ack
    if peer.opening.other_iss >= 0 and ack == peer.opening.other_iss + 1 and not own.got_syn then
      adopt_other_iss(peer)
    end
    if peer.nxt < 0 then
      peer.first = ack
      peer.nxt = ack
    elseif ack > peer.nxt and peer.closing.fin < 0 then
      if takes_syn_twice(peer, ack) then
        peer.seen = ack
      elseif peer.seen >= 0 then
        add_gap(peer, peer.nxt, ack, arrival.frame)
      end
      peer.nxt = ack
      peer.closing.combined = arrival.fin
    end
    if ack > own.ackmax then own.ackmax = ack end
    own.last_ack = ack
    infer_syns(arrival)
    local closing = peer.closing
    if closing.fin >= 0 and ack >= closing.fin_end then
      if ack == closing.fin_end then closing.confirmed = true end
      own.got_fin = true
      if not peer.fin_acked then
        peer.fin_acked = true
        closing.acked_frame = arrival.frame
        closing.acked_time = arrival.time
        closing.combined = arrival.fin
      elseif closing.combined and not own.fin_acked and is_bare_ack(arrival) and arrival.seq <= own.closing.fin then
        closing.combined = false
      end
    elseif closing.tsval >= 0 and arrival.segment.tsecr == closing.tsval then
      closing.got = true
    elseif closing.fin >= 0 and #arrival.segment.options.sack > 0 then
      for _, edge in ipairs(arrival.segment.options.sack) do
        if edge == closing.fin_end % MODULUS then closing.got = true end
      end
    end
  end

  -- core/facts.py:176: SYNs that crossed: this end sent its own again one too high, with ACK, and its peer counts that
  -- one as well.
  function takes_syn_twice(endpoint, ack)
    local opening = endpoint.opening
    if opening.alone_frame == 0 or opening.other_iss ~= endpoint.iss + 1 then
      return false
    end
    return endpoint.nxt == opening.other_iss and ack == opening.other_iss + 1
  end

  -- core/facts.py:184: A SYN-ACK that SYN-SENT refuses (RFC 9293 §3.10.7.3, first step): its ack speaks of nothing its
  -- peer sent.
  local function answers_wrongly(arrival)
    local peer = arrival.peer
    return arrival.syn and peer.iss_seen and not between(peer.iss + 1, arrival.ack, peer.nxt)
  end

  -- core/facts.py:190: Neither payload nor FIN.
  function is_bare_ack(arrival)
    return not arrival.fin and arrival.length == 0
  end

  -- core/facts.py:195: Of two SYN-ACKs with different numbers the second was acknowledged: that one began the
  -- connection.
  function adopt_other_iss(endpoint)
    local opening = endpoint.opening
    local first = endpoint.iss
    endpoint.iss = opening.other_iss
    opening.other_iss = first
    endpoint.first = endpoint.iss
    endpoint.nxt = endpoint.iss + 1
    endpoint.seen = endpoint.nxt
    endpoint.gaps = {}
  end

  -- core/facts.py:207: The three facts about the SYNs, inferred where a SYN was not captured (mid-stream, or one SYN
  -- missed).
  function infer_syns(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if peer.iss_seen then
      if arrival.ack >= peer.iss + 1 then
        own.got_syn = true
        peer.syn_acked = true
      end
    elseif arrival.syn then
      peer.iss = arrival.ack - 1
      peer.first = peer.iss
      own.got_syn = true
      peer.syn_acked = true
    else
      own.got_syn = true
      peer.syn_sent = true
      peer.syn_acked = true
      own.syn_acked = true
      if own.iss_seen then peer.got_syn = true end
      if peer.iss < 0 and own.iss_seen and arrival.seq == own.iss + 1 then
        peer.iss = arrival.ack - 1
        peer.first = peer.iss
      end
    end
    if not own.syn_sent and (not peer.iss_seen or arrival.length > 0 or arrival.fin) then
      own.syn_sent = true
      own.syn_acked = true
      own.got_syn = true
    end
  end

  -- core/facts.py:236: Take the segment's facts over. Rules were asked before, so they saw the connection without it.
  local function update(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if arrival.rst then
      learn_rst(arrival)
      return
    end
    local early = arrival.fin and peer.ackmax >= arrival.right and arrival.time - peer.last_time > SLACK
    if arrival.syn then
      note_late_syn(arrival)
      learn_syn(arrival)
    elseif own.closing.rst_frame > 0 or peer.closing.rst_hit then
      void_resets(arrival)
    end
    if arrival.has_ack then
      half_close(arrival)
      if own.segments > 0 and (arrival.ack ~= own.last_ack or arrival.right ~= own.nxt) then
        own.moved = true
      end
    end
    if arrival.syn and arrival.seq ~= own.iss then return end
    if arrival.has_ack or arrival.syn or arrival.fin then
      advance(arrival)
    end
    if arrival.has_ack and not answers_wrongly(arrival) then
      acknowledge(arrival)
    end
    if arrival.fin then
      learn_fin(arrival, early)
    end
    note_window(arrival)
    learn_timestamps(arrival)
  end

  -- core/facts.py:265: The largest window that this end has offered; that of a SYN is never scaled (RFC 7323 §2.2).
  function note_window(arrival)
    local own = arrival.own
    local window = arrival.segment.window
    if arrival.syn then
      own.wmax = larger(own.wmax, window)
    elseif window > own.raw_window then
      own.raw_window = window
      if own.opening.wscale >= 0 and arrival.peer.opening.wscale >= 0 then
        window = window * own.opening.multiplier
      end
      own.wmax = larger(own.wmax, window)
    end
  end

  -- core/facts.py:278: New payload in a segment that acknowledges the peer's FIN: data sent between the two FINs (RFC
  -- 9293 §3.6.1).
  function half_close(arrival)
    local own = arrival.own
    local fresh = arrival.seq + arrival.length - larger(own.nxt, arrival.seq)
    if arrival.length > 0 and fresh > 0 and arrival.peer.closing.fin >= 0 and own.closing.fin < 0 then
      if arrival.ack >= arrival.peer.closing.fin_end then
        if own.closing.half == nil then own.closing.half = HalfClose(arrival.frame) end
        own.closing.half.octets = own.closing.half.octets + fresh
        own.closing.half.time = arrival.time
      end
    end
  end

  -- core/facts.py:290: The state of `own` as its facts prove it; an end whose facts are missing is UNKNOWN.
  local function state(own, peer)
    if own.closing.rst_frame > 0 and not own.closing.rst_void then return CLOSED end
    if peer.closing.rst_hit then return CLOSED end
    if own.segments == 0 and not own.iss_seen and not own.got_syn and peer.opening.alone_frame == 0 then
      return UNKNOWN
    end
    if not own.syn_sent then
      if peer.opening.alone_frame > 0 then return LISTEN end
      return UNKNOWN
    end
    if not own.got_syn and own.opening.answer_frame == 0 then return SYN_SENT end
    if not own.syn_acked then
      if own.closing.fin >= 0 then return FIN_WAIT_1 end
      return SYN_RECEIVED
    end
    if own.closing.fin < 0 then
      if own.got_fin then return CLOSE_WAIT end
      return ESTABLISHED
    end
    if not own.got_fin then
      if not own.fin_acked then return FIN_WAIT_1 end
      if peer.closing.fin >= 0 and fin_first(peer, own) == 1 then return CLOSING end
      return FIN_WAIT_2
    end
    local first = fin_first(own, peer)
    if first < 0 then return UNKNOWN end
    if first == 1 then
      if own.fin_acked then return TIME_WAIT end
      return CLOSING
    end
    if own.fin_acked then return CLOSED end
    return LAST_ACK
  end

  core.facts = { MOST_GAPS = MOST_GAPS, place = place, add_gap = add_gap, fill_gaps = fill_gaps, advance = advance,
      acknowledge = acknowledge, takes_syn_twice = takes_syn_twice, answers_wrongly = answers_wrongly,
      is_bare_ack = is_bare_ack, adopt_other_iss = adopt_other_iss, infer_syns = infer_syns, update = update,
      note_window = note_window, half_close = half_close, state = state }
end

-- core/rules/changed.py: OP017: the options of a SYN or SYN-ACK that is sent again.
do
  local from = core.model
  local HANDSHAKE = from.HANDSHAKE
  from = core.note
  local observed = from.observed
  from = core.offer
  local BROKEN, CUT, MULTIPATH, NO_MULTIPATH, NO_SACK, NO_SCALE, NO_STAMPS, SACK, SCALE, STAMPS = from.BROKEN, from.CUT,
      from.MULTIPATH, from.NO_MULTIPATH, from.NO_SACK, from.NO_SCALE, from.NO_STAMPS, from.SACK, from.SCALE, from.STAMPS
  from = core.rules.options
  local doubt, list_is_broken, report = from.doubt, from.list_is_broken, from.report
  local doubt_about_copy, doubt_unverified, has_fewer, has_more
  local ECN_BITS = 0x1C0

  -- core/rules/changed.py:16: OP017: a copy that differs from the first of its kind (SYN or SYN-ACK), apart from its
  -- timestamp.
  local function options_changed_in_retry(arrival)
    local own = arrival.own
    local opening = own.opening
    local frame = opening.alone_frame
    if arrival.has_ack then
      frame = opening.answer_frame
      if opening.alone_frame > 0 then return end
    end
    if frame == 0 or arrival.seq ~= own.iss or list_is_broken(arrival) or band(opening.offers, BROKEN) ~= 0 then
      return
    end
    local options = arrival.segment.options
    local why = doubt_about_copy(arrival)
    if options.mss >= 0 and opening.mss >= 0 and options.mss ~= opening.mss then
      report(arrival, "OP017", "mss-changed", why, frame, opening.mss, options.mss)
    end
    if options.wscale >= 0 and opening.wscale >= 0 and options.wscale ~= opening.wscale then
      report(arrival, "OP017", "scale-changed", why, frame, opening.wscale, options.wscale)
    end
    if why ~= "" or band(opening.offers, CUT) ~= 0 then return end
    if has_fewer(opening, arrival.segment) then
      observed(arrival, HANDSHAKE, "OP017", "fewer-options", frame, -1, -1)
    elseif has_more(opening, arrival.segment) then
      observed(arrival, HANDSHAKE, "OP017", "more-options", frame, -1, -1)
    end
    if band(arrival.flags, ECN_BITS) ~= band(opening.flags, ECN_BITS) then
      observed(arrival, HANDSHAKE, "OP017", "other-ecn", frame, -1, -1)
    end
  end

  -- core/rules/changed.py:43: Why the copy may be damaged, cut, or of another machine.
  function doubt_about_copy(arrival)
    local why = doubt_unverified(arrival)
    if why == "" and arrival.segment.hop_limit ~= arrival.own.opening.hop_limit then
      why = "third-party"
    end
    return why
  end

  -- core/rules/changed.py:51: As options.doubt, for lists that nobody had a reason to verify.
  function doubt_unverified(arrival)
    local segment = arrival.segment
    if segment.checksum_state == 0 and not segment.truncated and segment.options.complete then
      return ""
    end
    return doubt(arrival)
  end

  -- core/rules/changed.py:59: An option is gone that a copy had and no copy lacked so far.
  function has_fewer(opening, segment)
    local options = segment.options
    local offers = opening.offers
    if opening.mss >= 0 and options.mss < 0 then return true end
    if band(offers, SCALE) ~= 0 and band(offers, NO_SCALE) == 0 and options.wscale < 0 then
      return true
    end
    if band(offers, SACK) ~= 0 and band(offers, NO_SACK) == 0 and not options.sackok then
      return true
    end
    if band(offers, STAMPS) ~= 0 and band(offers, NO_STAMPS) == 0 and segment.tsval < 0 then
      return true
    end
    if opening.tfo >= 0 and options.tfo < 0 then return true end
    return band(offers, MULTIPATH) ~= 0 and band(offers, NO_MULTIPATH) == 0 and options.mptcp < 0
  end

  -- core/rules/changed.py:76: An option has come that no copy had so far.
  function has_more(opening, segment)
    local options = segment.options
    local offers = opening.offers
    if opening.mss < 0 and options.mss >= 0 then return true end
    if band(offers, SCALE) == 0 and options.wscale >= 0 then return true end
    if (band(offers, SACK) == 0 and options.sackok) or (band(offers, STAMPS) == 0 and segment.tsval >= 0) then
      return true
    end
    return (opening.tfo < 0 and options.tfo >= 0) or (band(offers, MULTIPATH) == 0 and options.mptcp >= 0)
  end

  core.rules.changed = { ECN_BITS = ECN_BITS, options_changed_in_retry = options_changed_in_retry,
      doubt_about_copy = doubt_about_copy, doubt_unverified = doubt_unverified, has_fewer = has_fewer,
      has_more = has_more }
end

-- core/rules/teardown_end.py: TD and RS008: what can be said of the close only when the connection, or the capture, has
-- ended.
do
  local from = core.evidence
  local has_hole = from.has_hole
  from = core.model
  local SIDE_UNKNOWN, TEARDOWN, VIOLATES = from.SIDE_UNKNOWN, from.TEARDOWN, from.VIOLATES
  from = core.note
  local conclude, leaves_open, notes, ran = from.conclude, from.leaves_open, from.notes, from.ran
  from = core.outcome
  local live_reset, patience, teardown_decided, was_established = from.live_reset, from.patience, from.teardown_decided,
      from.was_established
  from = core.sequence
  local larger = from.larger
  from = core.rules.teardown
  local guilty_behind_fin = from.guilty_behind_fin
  local unacknowledged, may_hide_fin, knew_nothing
  local UNANSWERED_FIN = 10000000
  local LINGER = 60000000

  -- core/rules/teardown_end.py:14: TD001, TD008, TD012: the three orderly closes (RFC 9293 §3.6 cases 1 to 3).
  local function closed_in_order(ending)
    local zero = ending.connection.ends[1]
    local one = ending.connection.ends[2]
    if ending.teardown == "simultaneous" then
      local last = zero.closing.acked_frame
      if one.closing.acked_frame > last then last = one.closing.acked_frame end
      if last == 0 then last = one.closing.frame end
      notes(ending, TEARDOWN, "TD012", "simultaneous", SIDE_UNKNOWN, last, zero.closing.frame, -1, -1)
      return
    end
    if ending.closer < 0 or ending.closer == 2 then return end
    local active = ending.connection.ends[ending.closer + 1]
    local passive = ending.connection.ends[2 - ending.closer]
    local frame = passive.closing.acked_frame
    local took = passive.closing.acked_time - active.closing.time
    if frame == 0 then
      frame = passive.closing.last_frame
      took = passive.closing.last_time - active.closing.time
    end
    if ending.teardown == "four-way" then
      notes(ending, TEARDOWN, "TD001", "four-way", active.side, frame, active.closing.frame, took, -1)
    elseif ending.teardown == "three-segment" then
      notes(ending, TEARDOWN, "TD008", "three-segment", active.side, frame, active.closing.frame, took, -1)
    elseif ending.teardown == "unfinished-LA" and not teardown_decided(ending) then
      local code = "TD001"
      local kind = "four-way"
      if active.closing.combined then
        code = "TD008"
        kind = "three-segment"
      end
      leaves_open(ending, TEARDOWN, code, kind, "capture-end", active.side, frame, active.closing.frame, -1, -1)
    end
  end

  -- core/rules/teardown_end.py:48: TD012 not decided: who closed first cannot be told, because a first copy of a FIN
  -- may be missing.
  local function simultaneous_in_doubt(ending)
    local zero = ending.connection.ends[1]
    local one = ending.connection.ends[2]
    if ending.teardown == "orderly-unknown" and not zero.closing.no_ack and not one.closing.no_ack then
      local first = zero.closing.frame
      leaves_open(ending, TEARDOWN, "TD012", "simultaneous", "hole", SIDE_UNKNOWN, one.closing.frame, first, -1, -1)
    end
  end

  -- core/rules/teardown_end.py:60: TD010: payload sent after the peer's FIN was acknowledged (RFC 9293 §3.6.1).
  local function half_close_with_data(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local closing = endpoint.closing
      local peer = ending.connection.ends[2 - endpoint.side]
      local half = closing.half
      if half ~= nil then
        local lasted = half.time - peer.closing.time
        notes(ending, TEARDOWN, "TD010", "reverse-data", endpoint.side, half.frame, peer.closing.frame, half.octets,
            lasted)
      elseif peer.closing.fin >= 0 and peer.fin_acked and has_hole(endpoint) and
          endpoint.hole_frame > peer.closing.acked_frame and endpoint.hole_frame > peer.closing.frame then
        leaves_open(ending, TEARDOWN, "TD010", "reverse-data", "hole", endpoint.side, endpoint.hole_frame,
            peer.closing.frame, -1, -1)
      end
    end
  end

  -- core/rules/teardown_end.py:100: TD016: nobody acknowledged the first FIN. A fault of the peer only when it provably
  -- received all up to it.
  local function unacknowledged_first_fin(ending)
    if ending.teardown ~= "unfinished-F1" then return end
    for _, endpoint in ipairs(ending.connection.ends) do
      local closing = endpoint.closing
      local peer = ending.connection.ends[2 - endpoint.side]
      if closing.fin < 0 or endpoint.fin_acked then goto next_104 end
      local wait = 3 * ending.rtt
      if wait < UNANSWERED_FIN then wait = UNANSWERED_FIN end
      local frame = closing.last_frame
      local copies = closing.copies
      if peer.segments == 0 then
        leaves_open(ending, TEARDOWN, "TD016", "no-answer", "one-way", endpoint.side, frame, closing.frame, copies, -1)
      elseif not ran(ending, closing.last_time, wait) then
        leaves_open(ending, TEARDOWN, "TD016", "no-answer", "capture-end", endpoint.side, frame, closing.frame, copies,
            -1)
      elseif has_hole(endpoint) then
        leaves_open(ending, TEARDOWN, "TD016", "no-answer", "hole", endpoint.side, frame, closing.frame, copies, -1)
      elseif closing.got and peer.ackmax >= closing.fin then
        conclude(ending, TEARDOWN, "TD016", "ignored", VIOLATES, "", peer.side, frame, closing.frame, copies, -1)
      else
        notes(ending, TEARDOWN, "TD016", "no-answer", endpoint.side, frame, closing.frame, copies, -1)
      end
      ::next_104::
    end
  end

  -- core/rules/teardown_end.py:130: TD017: the last ACK. Its absence counts only when the FIN was sent again (RFC 9293
  -- §3.10.7.4 LAST-ACK).
  local function unacknowledged_last_fin(ending)
    local zero = ending.connection.ends[1]
    local one = ending.connection.ends[2]
    local late = zero
    if zero.fin_acked then late = one end
    local closing = late.closing
    if ending.last_ack_inferred then
      notes(ending, TEARDOWN, "TD017", "final-ack-not-captured", late.side, closing.last_frame, 0, -1, -1)
    end
    if ending.teardown ~= "unfinished-LA" then return end
    local first = closing.frame
    local frame = closing.last_frame
    local copies = closing.copies
    if not ran(ending, closing.last_time, patience(ending)) then
      leaves_open(ending, TEARDOWN, "TD017", "unacknowledged", "capture-end", late.side, frame, first, copies, -1)
    elseif has_hole(late) then
      leaves_open(ending, TEARDOWN, "TD017", "unacknowledged", "hole", late.side, frame, first, copies, -1)
    else
      conclude(ending, TEARDOWN, "TD017", "unacknowledged", VIOLATES, "", late.side, frame, first, copies, -1)
    end
  end

  -- core/rules/teardown_end.py:153: TD007: a fault of the acknowledging end when its peer has shown that it sent
  -- nothing behind its FIN.
  local function ack_of_too_much(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local excess = endpoint.closing.excess
      if excess == nil or guilty_behind_fin(ending.connection, endpoint.side) then
        goto next_155
      end
      local side = 1 - endpoint.side
      local frame = endpoint.closing.frame
      if excess.proved then
        conclude(ending, TEARDOWN, "TD007", "ack-beyond-fin", VIOLATES, "", side, excess.frame, frame, excess.beyond,
            -1)
      else
        leaves_open(ending, TEARDOWN, "TD007", "ack-beyond-fin", "hole", side, excess.frame, frame, excess.beyond, -1)
      end
      ::next_155::
    end
  end

  -- core/rules/teardown_end.py:181: TD018: more than a minute between the acknowledgment of the first FIN and anything
  -- that ends the other half.
  local function lingering_half_close(ending)
    if not was_established(ending.handshake) then return end
    for _, endpoint in ipairs(ending.connection.ends) do
      local closing = endpoint.closing
      local peer = ending.connection.ends[2 - endpoint.side]
      if closing.fin < 0 or not endpoint.fin_acked then goto next_185 end
      local stop = ending.end_time
      if peer.closing.fin >= 0 then
        stop = peer.closing.time
      elseif live_reset(peer) then
        stop = peer.closing.rst_time
      elseif live_reset(endpoint) then
        stop = closing.rst_time
      end
      local waited = stop - closing.acked_time
      local frame = closing.acked_frame
      local octets = 0
      if peer.closing.half ~= nil then octets = peer.closing.half.octets end
      if waited >= LINGER then
        notes(ending, TEARDOWN, "TD018", "lingering", peer.side, frame, closing.frame, waited, octets)
      elseif ending.teardown == "unfinished-F2" then
        leaves_open(ending, TEARDOWN, "TD018", "lingering", "capture-end", peer.side, frame, closing.frame, waited,
            octets)
      end
      ::next_185::
    end
  end

  -- core/rules/teardown_end.py:210: TD022: an established connection with neither FIN nor RST in the capture.
  local function no_close_seen(ending)
    if ending.teardown == "none" and was_established(ending.handshake) then
      local connection = ending.connection
      local idle = ending.end_time - connection.last_time
      notes(ending, TEARDOWN, "TD022", "open-at-end", -1, connection.last_frame, 0, idle, -1)
    end
  end

  -- core/rules/teardown_end.py:218: RS008: an established connection ended by RST instead of FIN (RFC 9293 §3.6,
  -- §3.10.5).
  local function abortive_close(ending)
    if not was_established(ending.handshake) then return end
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      local closing = endpoint.closing
      if not live_reset(endpoint) or closing.fin >= 0 or knew_nothing(ending.connection, endpoint.side) then
        goto next_222
      end
      local lost = unacknowledged(endpoint, endpoint.nxt, peer.ackmax)
      local stop = peer.nxt
      if peer.closing.fin >= 0 then stop = peer.closing.fin end
      local unread = unacknowledged(peer, stop, larger(endpoint.ackmax, closing.rst_ack))
      local related = endpoint.last_frame
      if may_hide_fin(endpoint) then
        leaves_open(ending, TEARDOWN, "RS008", "abort", "hole", endpoint.side, closing.rst_frame, related, lost, unread)
      else
        notes(ending, TEARDOWN, "RS008", "abort", endpoint.side, closing.rst_frame, related, lost, unread)
      end
      ::next_222::
    end
  end

  -- core/rules/teardown_end.py:241: Octets of payload of this end from `acked` up to `stop`; the SYN is none, nor is
  -- what nobody spoke of.
  function unacknowledged(endpoint, stop, acked)
    if acked < 0 then return 0 end
    if endpoint.iss >= 0 then acked = larger(acked, endpoint.iss + 1) end
    return larger(0, stop - acked)
  end

  -- core/rules/teardown_end.py:250: Just below the number of its RST one octet of this end was not captured: that may
  -- have been its FIN.
  function may_hide_fin(endpoint)
    local number = endpoint.closing.rst_seq
    if #endpoint.gaps > 0 and endpoint.gaps[#endpoint.gaps] == number then
      return endpoint.gaps[#endpoint.gaps] - endpoint.gaps[#endpoint.gaps - 1] == 1
    end
    return number == endpoint.nxt + 1
  end

  -- core/rules/teardown_end.py:258: This end had no connection that it could abort (RS016 has said so).
  function knew_nothing(connection, side)
    for _, finding in ipairs(connection.findings) do
      if finding.side == side and finding.code == "RS016" then return true end
    end
    return false
  end

  core.rules.teardown_end = { UNANSWERED_FIN = UNANSWERED_FIN, LINGER = LINGER, closed_in_order = closed_in_order,
      simultaneous_in_doubt = simultaneous_in_doubt, half_close_with_data = half_close_with_data,
      unacknowledged_first_fin = unacknowledged_first_fin, unacknowledged_last_fin = unacknowledged_last_fin,
      ack_of_too_much = ack_of_too_much, lingering_half_close = lingering_half_close, no_close_seen = no_close_seen,
      abortive_close = abortive_close, unacknowledged = unacknowledged, may_hide_fin = may_hide_fin,
      knew_nothing = knew_nothing }
end

-- core/internet.py: IPv4 (RFC 791), IPv6 (RFC 8200) and the ICMP errors that quote a packet (RFC 792, RFC 4443).
do
  local from = core.decoder
  local LAYER_EXTENSION, LAYER_GRE, LAYER_ICMP, LAYER_ICMP6, LAYER_IP, LAYER_TCP, LAYER_UDP, bound, cut,
      nest_link = from.LAYER_EXTENSION, from.LAYER_GRE, from.LAYER_ICMP, from.LAYER_ICMP6, from.LAYER_IP,
      from.LAYER_TCP, from.LAYER_UDP, from.bound, from.cut, from.nest_link
  from = core.fragments
  local COMPLETE, KEPT, MAX_DATAGRAM, SPOILED, collect = from.COMPLETE, from.KEPT, from.MAX_DATAGRAM, from.SPOILED,
      from.collect
  from = core.layers
  local TAG_IP = from.TAG_IP
  from = core.options
  local number16, number32 = from.number16, from.number32
  from = core.skips
  local AUTHENTICATED, FRAGMENT, FRAGMENT_OVERLAP, MALFORMED, NOT_TCP, UNREADABLE_QUOTE = from.AUTHENTICATED,
      from.FRAGMENT, from.FRAGMENT_OVERLAP, from.MALFORMED, from.NOT_TCP, from.UNREADABLE_QUOTE
  local ipv4, ipv6, read_jumbo, read_destination, fragment_header, fragment, quote
  local HOP_BY_HOP = 0
  local ROUTING = 43
  local FRAGMENT_HEADER = 44
  local DESTINATION = 60
  local JUMBO = 194

  -- core/internet.py:35: The layer that an IP protocol number announces.
  local function after_ip(decoder, protocol)
    decoder.protocol = protocol
    if protocol == 6 then return LAYER_TCP end
    if decoder.version == 6 then
      if protocol == HOP_BY_HOP or protocol == ROUTING or protocol == FRAGMENT_HEADER or protocol == DESTINATION then
        return LAYER_EXTENSION
      end
    end
    if protocol == 51 then return AUTHENTICATED end
    if decoder.quoting then return NOT_TCP end
    if protocol == 17 then return LAYER_UDP end
    if protocol == 1 and decoder.version == 4 then return LAYER_ICMP end
    if protocol == 58 and decoder.version == 6 then return LAYER_ICMP6 end
    if protocol == 4 or protocol == 41 then
      nest_link(decoder, TAG_IP, 0)
      return LAYER_IP
    end
    if protocol == 47 then return LAYER_GRE end
    return NOT_TCP
  end

  -- core/internet.py:61: An IP header; its first four bits say which.
  local function ip(decoder)
    if decoder.offset >= decoder.limit then return cut(decoder) end
    local version = floor(byte(decoder.data, decoder.offset + 1) / 16)
    if version == 4 then return ipv4(decoder) end
    if version == 6 then return ipv6(decoder) end
    return MALFORMED
  end

  -- core/internet.py:73: IPv4 with or without options, whole or a fragment.
  function ipv4(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 20 > decoder.limit then return cut(decoder) end
    local header = byte(data, offset + 1) % 16 * 4
    if header < 20 then return MALFORMED end
    local total = number16(data, offset + 2)
    decoder.offload = total == 0
    if not decoder.quoting then
      if total == 0 then
        total = decoder.captured - offset
      else
        if total < header then return MALFORMED end
        bound(decoder, offset + total)
      end
    end
    if offset + header > decoder.limit then return cut(decoder) end
    decoder.version = 4
    decoder.payload = total - header
    decoder.ip_id = number16(data, offset + 4)
    decoder.hop_limit = byte(data, offset + 9)
    decoder.ecn = byte(data, offset + 2) % 4
    decoder.addresses = sub(data, offset + 13, offset + 20)
    decoder.offset = offset + header
    local protocol = byte(data, offset + 10)
    local more = band(byte(data, offset + 7), 32) ~= 0
    local start = byte(data, offset + 7) % 32 * 2048 + byte(data, offset + 8) * 8
    if more or start > 0 then
      local key = sub(data, offset + 13, offset + 20) .. sub(data, offset + 5, offset + 6) .. sub(data, offset + 10,
          offset + 10)
      return fragment(decoder, key, protocol, start, more)
    end
    return after_ip(decoder, protocol)
  end

  -- core/internet.py:109: The fixed header of IPv6; extension headers are layers of their own.
  function ipv6(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 40 > decoder.limit then return cut(decoder) end
    local payload = number16(data, offset + 4)
    decoder.offload = payload == 0
    if payload == 0 then
      payload = decoder.captured - offset - 40
    elseif not decoder.quoting then
      bound(decoder, offset + 40 + payload)
    end
    decoder.version = 6
    decoder.payload = payload
    decoder.ip_id = byte(data, offset + 2) % 16 * 65536 + number16(data, offset + 2)
    decoder.hop_limit = byte(data, offset + 8)
    decoder.ecn = floor(byte(data, offset + 2) / 16) % 4
    decoder.addresses = sub(data, offset + 9, offset + 40)
    decoder.offset = offset + 40
    return after_ip(decoder, byte(data, offset + 7))
  end

  -- core/internet.py:131: One extension header of IPv6, of the kind decoder.protocol.
  local function extension(decoder)
    local data = decoder.data
    local offset = decoder.offset
    if offset + 8 > decoder.limit then return cut(decoder) end
    local kind = decoder.protocol
    if kind == FRAGMENT_HEADER then return fragment_header(decoder) end
    local size = byte(data, offset + 2) * 8 + 8
    if size > decoder.payload and not decoder.quoting then return MALFORMED end
    if offset + size > decoder.limit then return cut(decoder) end
    if kind == HOP_BY_HOP and decoder.offload then
      read_jumbo(decoder, offset, offset + size)
    end
    if kind == ROUTING and byte(data, offset + 4) > 0 then
      read_destination(decoder, offset, size)
    end
    decoder.payload = decoder.payload - size
    decoder.offset = offset + size
    return after_ip(decoder, byte(data, offset + 1))
  end

  -- core/internet.py:154: Take the payload length from the jumbo option of the hop-by-hop header at data[offset:stop],
  -- if it has one.
  function read_jumbo(decoder, offset, stop)
    local data = decoder.data
    local position = offset + 2
    while position + 1 < stop do
      local kind = byte(data, position + 1)
      if kind == 0 then
        position = position + 1
      elseif kind == JUMBO and byte(data, position + 2) == 4 and position + 6 <= stop then
        local payload = number32(data, position + 2)
        if payload > MAX_DATAGRAM then
          decoder.offload = false
          decoder.payload = payload
          if not decoder.quoting then
            bound(decoder, offset + payload)
          end
        end
        return
      else
        position = position + (2 + byte(data, position + 2))
      end
    end
  end

  -- core/internet.py:174: A routing header that has not been worked off: the receiver is the last address of its list.
  function read_destination(decoder, offset, size)
    local data = decoder.data
    local kind = byte(data, offset + 3)
    if size < 24 then return end
    local receiver = offset + size - 16
    if kind == 4 then
      receiver = offset + 8
    elseif kind ~= 0 and kind ~= 2 then
      return
    end
    local addresses = decoder.addresses
    decoder.addresses = sub(addresses, 1, 16) .. sub(data, receiver + 1, receiver + 16)
  end

  -- core/internet.py:192: The fragment header of IPv6. A datagram that is its own only fragment (RFC 6946) is read at
  -- once.
  function fragment_header(decoder)
    local data = decoder.data
    local offset = decoder.offset
    local word = number16(data, offset + 2)
    local start = floor(word / 8) * 8
    local more = word % 2 == 1
    decoder.payload = decoder.payload - 8
    decoder.offset = offset + 8
    if more or start > 0 then
      local addresses = decoder.addresses
      local key = addresses .. sub(data, offset + 5, offset + 8)
      return fragment(decoder, key, byte(data, offset + 1), start, more)
    end
    return after_ip(decoder, byte(data, offset + 1))
  end

  -- core/internet.py:208: A fragment at the cursor, octets from `start` on of its datagram; continues with the datagram
  -- it completes.
  function fragment(decoder, key, protocol, start, more)
    if decoder.quoting then
      if start > 0 then return UNREADABLE_QUOTE end
      return after_ip(decoder, protocol)
    end
    local size = decoder.payload
    local stop = start + size
    if size <= 0 or stop > MAX_DATAGRAM or decoder.offload then return MALFORMED end
    if more and size % 8 ~= 0 then return MALFORMED end
    local kept = size
    if stop > KEPT then kept = KEPT - start end
    if kept < 0 then kept = 0 end
    local clipped = false
    if decoder.offset + kept > decoder.limit then
      clipped = decoder.offset + kept > decoder.captured
      kept = decoder.limit - decoder.offset
    end
    if kept < 0 then kept = 0 end
    local data = decoder.data
    local piece = sub(data, decoder.offset + 1, decoder.offset + kept)
    local datagram = collect(decoder.fragments, key, protocol, start, stop, not more, piece, clipped, decoder.time)
    if datagram.state == SPOILED then return FRAGMENT_OVERLAP end
    if datagram.state ~= COMPLETE then return FRAGMENT end
    decoder.data = datagram.data
    decoder.offset = 0
    decoder.limit = #datagram.data
    decoder.captured = datagram.size
    decoder.whole = true
    if datagram.clipped then
      decoder.captured = decoder.limit
      decoder.whole = false
    end
    decoder.payload = datagram.size
    decoder.assembled = true
    return after_ip(decoder, datagram.protocol)
  end

  -- core/internet.py:252: ICMP: an error quotes the packet that caused it; everything else is of no interest.
  local function icmp(decoder)
    if decoder.offset + 8 > decoder.limit then return cut(decoder) end
    local kind = byte(decoder.data, decoder.offset + 1)
    if kind == 3 or kind == 4 or kind == 5 or kind == 11 or kind == 12 then
      return quote(decoder, kind)
    end
    return NOT_TCP
  end

  -- core/internet.py:263: ICMPv6: types 1 to 4 are the errors in use (RFC 4443 §2.1).
  local function icmp6(decoder)
    if decoder.offset + 8 > decoder.limit then return cut(decoder) end
    local kind = byte(decoder.data, decoder.offset + 1)
    if 1 <= kind and kind <= 4 then return quote(decoder, kind) end
    return NOT_TCP
  end

  -- core/internet.py:273: Go on with the quoted packet behind the eight octets of the ICMP header.
  function quote(decoder, kind)
    decoder.quoting = true
    decoder.icmp_version = decoder.version
    decoder.icmp_type = kind
    decoder.icmp_code = byte(decoder.data, decoder.offset + 2)
    decoder.icmp_hop_limit = decoder.hop_limit
    decoder.offset = decoder.offset + 8
    return LAYER_IP
  end

  core.internet = { HOP_BY_HOP = HOP_BY_HOP, ROUTING = ROUTING, FRAGMENT_HEADER = FRAGMENT_HEADER,
      DESTINATION = DESTINATION, JUMBO = JUMBO, after_ip = after_ip, ip = ip, ipv4 = ipv4, ipv6 = ipv6,
      extension = extension, read_jumbo = read_jumbo, read_destination = read_destination,
      fragment_header = fragment_header, fragment = fragment, icmp = icmp, icmp6 = icmp6, quote = quote }
end

-- core/rules/capture.py: CA: what the capture did. Never a fault of an end; each names evidence that other rules must
-- do without.
do
  local from = core.evidence
  local SLACK, damaged = from.SLACK, from.damaged
  from = core.model
  local CHECKSUM_PARTIAL, OBSERVED, OTHER = from.CHECKSUM_PARTIAL, from.OBSERVED, from.OTHER
  from = core.note
  local known, observed = from.known, from.observed
  from = core.sequence
  local FAR, difference = from.FAR, from.difference
  from = core.rules.twice
  local same_packet_elsewhere = from.same_packet_elsewhere

  -- core/rules/capture.py:10: CA001: the connection's first segment has no SYN.
  local function capture_starts_mid_stream(arrival)
    observed(arrival, OTHER, "CA001", "no-syn", 0, -1, -1)
  end

  -- core/rules/capture.py:15: CA003: an ack above all that was captured of the peer. Never a fault of the acknowledging
  -- end.
  local function acknowledged_unseen_data(arrival)
    local peer = arrival.peer
    if peer.seen < 0 or peer.closing.fin >= 0 or damaged(arrival) then return end
    if peer.opening.other_iss >= 0 and not arrival.own.got_syn then return end
    local unseen = arrival.ack - peer.nxt
    if 0 < unseen and unseen <= FAR then
      if known(arrival.connection.findings, "CA003", "unseen", OBSERVED, "", arrival.side) == nil then
        arrival.engine.census.holed = arrival.engine.census.holed + 1
      end
      observed(arrival, OTHER, "CA003", "unseen", 0, unseen, -1)
    end
  end

  -- core/rules/capture.py:29: CA006: the snapshot length cut the TCP header.
  local function truncated_header(arrival)
    arrival.connection.truncated = true
    local captured = arrival.segment.header_captured
    observed(arrival, OTHER, "CA006", "header", 0, captured, arrival.segment.header_stated)
  end

  -- core/rules/capture.py:36: CA007: the capture holds this frame twice.
  local function duplicated_frame(arrival)
    observed(arrival, OTHER, "CA007", "copy", 0, -1, -1)
    same_packet_elsewhere(arrival)
  end

  -- core/rules/capture.py:42: CA008: a step back in time, an answer before its question, or a sender's timestamps that
  -- run backwards.
  local function reordered_capture(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local connection = arrival.connection
    local back = connection.last_time - arrival.time
    if connection.segments > 0 and back > 0 then
      observed(arrival, OTHER, "CA008", "time-back", connection.last_frame, back, -1)
    end
    if arrival.syn or arrival.rst then
      local answer = peer.opening.answer_frame
      if answer > 0 and arrival.syn and not arrival.has_ack and own.opening.alone_frame == 0 then
        if arrival.time - peer.opening.answer_time <= SLACK then
          observed(arrival, OTHER, "CA008", "answer-first", answer, -1, -1)
        end
      end
      return
    end
    if own.seen >= 0 and (own.seen < arrival.right and arrival.right <= peer.ackmax) and arrival.time -
        peer.last_time <= SLACK then
      observed(arrival, OTHER, "CA008", "answer-first", peer.last_frame, -1, -1)
    end
    if own.tsval >= 0 and arrival.segment.tsval >= 0 and difference(arrival.segment.tsval, own.tsval) < 0 then
      observed(arrival, OTHER, "CA008", "timestamp-back", own.last_frame, -1, -1)
    end
  end

  -- core/rules/capture.py:62: CA009: lengths and checksums as a sender's own tap sees them, before the network card has
  -- finished them.
  local function offload_artefact(arrival)
    local segment = arrival.segment
    if segment.offload then
      observed(arrival, OTHER, "CA009", "no-ip-length", 0, arrival.length, -1)
    end
    if segment.checksum_state == CHECKSUM_PARTIAL then
      observed(arrival, OTHER, "CA009", "partial-checksum", 0, -1, -1)
    end
    local mss = arrival.peer.opening.mss
    if mss > 0 and arrival.length > mss and not arrival.syn then
      observed(arrival, OTHER, "CA009", "super-segment", 0, arrival.length, mss)
    end
  end

  core.rules.capture = { capture_starts_mid_stream = capture_starts_mid_stream,
      acknowledged_unseen_data = acknowledged_unseen_data, truncated_header = truncated_header,
      duplicated_frame = duplicated_frame, reordered_capture = reordered_capture, offload_artefact = offload_artefact }
end

-- core/rules/close_time.py: TD015 and TD021: the times of a close. An ACK waits half a second at most, TIME-WAIT lasts
-- four minutes.
do
  local from = core.distance
  local leg, near = from.leg, from.near
  from = core.evidence
  local both_syns, damaged, fin_first, reopened = from.both_syns, from.damaged, from.fin_first, from.reopened
  from = core.model
  local INCONCLUSIVE, OBSERVED, TEARDOWN, TIME_WAIT, VIOLATES = from.INCONCLUSIVE, from.OBSERVED, from.TEARDOWN,
      from.TIME_WAIT, from.VIOLATES
  from = core.note
  local add, conclude, leaves_open = from.add, from.conclude, from.leaves_open
  from = core.outcome
  local patience = from.patience
  from = core.sequence
  local larger = from.larger
  from = core.rules.reuse
  local FIELD_TIME_WAIT, RFC_TIME_WAIT = from.FIELD_TIME_WAIT, from.RFC_TIME_WAIT
  from = core.rules.unheard
  local time_wait_since = from.time_wait_since
  local doubt_about_sender, judge_delay, since_last_copy, carries
  local ACK_DELAY = 500000
  local LEGS = 3

  -- core/rules/close_time.py:19: TD015: a copy of the peer's FIN meets a RST, where TIME-WAIT had to acknowledge it
  -- (RFC 9293 MUST-13).
  local function reset_from_time_wait(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local fin = peer.closing
    if own.state ~= TIME_WAIT or fin_first(own, peer) ~= 1 or damaged(arrival) then
      return
    end
    if fin.copies < 2 or peer.last_frame ~= fin.last_frame or arrival.seq ~= peer.last_ack then
      return
    end
    if fin.last_time <= fin.acked_time then return end
    local lasted = arrival.time - time_wait_since(peer, own)
    if lasted >= RFC_TIME_WAIT then return end
    local kind = "after-a-minute"
    local verdict = OBSERVED
    if lasted < FIELD_TIME_WAIT then
      kind = "cut-short"
      verdict = VIOLATES
    end
    local why = doubt_about_sender(arrival)
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, TEARDOWN, "TD015", kind, verdict, why, arrival.side, fin.last_frame, lasted, -1)
  end

  -- core/rules/close_time.py:44: Why the RST may not be that of the end in TIME-WAIT; "" for nothing.
  function doubt_about_sender(arrival)
    local connection = arrival.connection
    if not both_syns(connection) then return "mid-stream" end
    if arrival.segment.hop_limit ~= arrival.own.opening.hop_limit then
      return "third-party"
    end
    if arrival.peer.closing.rst_frame > 0 then return "order" end
    if reopened(connection) or arrival.engine.clock_breaks > connection.breaks then
      return "order"
    end
    return ""
  end

  -- core/rules/close_time.py:58: TD021: more than half a second and the round trip from a FIN to its ACK (RFC 9293
  -- MUST-40).
  local function slow_fin_ack(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local closing = endpoint.closing
      if closing.fin >= 0 and closing.acked_frame > 0 and endpoint.fin_acked and not closing.no_ack then
        local took = closing.acked_time - closing.time
        if took > ACK_DELAY then
          judge_delay(ending, endpoint, took)
        end
      end
    end
  end

  -- core/rules/close_time.py:68: One of them. Its peer is at fault, when this ACK was surely the first.
  function judge_delay(ending, endpoint, took)
    local connection = ending.connection
    local closing = endpoint.closing
    local peer = connection.ends[2 - endpoint.side]
    local away = leg(connection, peer.side)
    if away >= 0 and took <= ACK_DELAY + away then return end
    if closing.copies > 1 and since_last_copy(closing) <= ACK_DELAY then return end
    if closing.copies == 1 and took > patience(ending) then return end
    if closing.copies > 1 and not near(connection, peer.side) then return end
    local why = ""
    if not both_syns(connection) then
      why = "mid-stream"
    elseif not closing.sure or #endpoint.gaps > 0 then
      why = "hole"
    elseif ending.clock_broken or reopened(connection) then
      why = "order"
    elseif away < 0 or took <= ACK_DELAY + LEGS * larger(away, ending.rtt) then
      why = "far-tap"
    elseif closing.copies == 1 and carries(peer, closing) then
      why = "hole"
    end
    local frame = closing.acked_frame
    local first = closing.frame
    if why == "" then
      conclude(ending, TEARDOWN, "TD021", "slow", VIOLATES, "", peer.side, frame, first, took, closing.copies)
    else
      leaves_open(ending, TEARDOWN, "TD021", "slow", why, peer.side, frame, first, took, closing.copies)
    end
  end

  -- core/rules/close_time.py:101: µs from the last copy of the FIN before its ACK; -1 when the capture goes on with
  -- copies, and more than one.
  function since_last_copy(closing)
    if closing.last_time <= closing.acked_time then
      return closing.acked_time - closing.last_time
    end
    if closing.copies == 2 then return closing.acked_time - closing.time end
    return -1
  end

  -- core/rules/close_time.py:110: The segment that acknowledges the FIN was sent for another reason as well: it carries
  -- data or a FIN.
  function carries(peer, closing)
    if closing.combined then return true end
    return peer.closing.half ~= nil and peer.closing.half.frame == closing.acked_frame
  end

  core.rules.close_time = { ACK_DELAY = ACK_DELAY, LEGS = LEGS, reset_from_time_wait = reset_from_time_wait,
      doubt_about_sender = doubt_about_sender, slow_fin_ack = slow_fin_ack, judge_delay = judge_delay,
      since_last_copy = since_last_copy, carries = carries }
end

-- core/calm.py: The short path: the next segment of a quiet connection, from the third step to the last ACK.
do
  local from = core.duplicate
  local GENERATION, turn = from.GENERATION, from.turn
  from = core.facts
  local state = from.state
  from = core.model
  local CLOSE_WAIT, FIN, FIN_WAIT_1, FIN_WAIT_2 = from.CLOSE_WAIT, from.FIN, from.FIN_WAIT_1, from.FIN_WAIT_2
  from = core.offer
  local SIGNED, learn_use = from.SIGNED, from.learn_use
  from = core.sequence
  local FAR, MODULUS, larger = from.FAR, from.MODULUS, from.larger
  from = core.step
  local name_ack_of_fin, name_fin = from.name_ack_of_fin, from.name_fin
  from = core.tell
  local BARE_ACK, PAYLOAD, note, tell_ack, tell_fin, tell_payload = from.BARE_ACK, from.PAYLOAD, from.note,
      from.tell_ack, from.tell_fin, from.tell_payload
  local beyond, note_raw_window, sum_up, overtaken, hides_beginning, begins_data, awaits_syn_data, owes_proof, is_open
  local PLAIN_ACK = 0x010
  local PUSHED = 0x018
  local LAST = 0x011
  local LAST_PUSHED = 0x019
  local ORDINARY_PAYLOAD = 1460
  local DEFAULT_MSS = 536
  local STAMPS_LENGTH = 12
  local FULL = 2

  -- core/calm.py:30: The next data or ACK of an established connection, neither end of which has closed. False for
  -- anything else.
  local function pass_by(engine, chain, connection, frame, time, key, flags, seq, ack, length, window, tsval, mark,
      seen)
    local own, peer, side
    if key == chain.key then
      side = 0
      own = connection.ends[1]
      peer = connection.ends[2]
    else
      side = 1
      own = connection.ends[2]
      peer = connection.ends[1]
    end
    local nxt = own.nxt
    if seq + MODULUS ~= nxt and seq ~= nxt % MODULUS then return false end
    local ackmax = own.ackmax
    local reached = ack + MODULUS
    if reached < ackmax or reached > peer.nxt then reached = beyond(ackmax, ack) end
    local unheard = peer.nxt - reached
    if unheard < 0 or unheard > FAR then return false end
    if time < engine.now and (time < own.last_time or time < peer.last_time) then
      return false
    end
    if tsval < own.tsval or (own.tsval < 0 and tsval >= 0) then return false end
    local step = engine.calm_step
    if length > 0 then
      if length > own.ordinary and not begins_data(connection, own, peer, flags, seq, ack, length, window, tsval) then
        return false
      end
      local right = nxt + length
      own.nxt = right
      own.seen = right
      if length > 1 then
        own.data_end = right
        own.data_frame = frame
      end
      step.name = "data"
    elseif reached == ackmax then
      return false
    else
      if band(own.told, BARE_ACK) == 0 then
        if window == 0 then return false end
        learn_use(own, tsval)
        tell_ack(connection, own, flags, seq, ack, window)
      end
      step.name = "ack"
    end
    local recent = engine.recent
    recent.count = recent.count + 1
    recent.young[mark] = seen
    if recent.count >= GENERATION then
      turn(recent)
    end
    own.ackmax = reached
    own.last_ack = reached
    own.moved = true
    if window > own.raw_window then
      note_raw_window(own, window)
    elseif window == 0 then
      note(connection, side, flags, seq, ack, length, window, 0)
    end
    own.tsval = tsval
    own.segments = own.segments + 1
    own.last_frame = frame
    own.last_time = time
    step.connection = connection.number
    step.side = side
    step.seq = nxt - own.first
    step.ack = reached - peer.first
    return true
  end

  -- core/calm.py:101: The next bare FIN or ACK of a connection that closes in order. False for anything else.
  local function pass_close(engine, chain, connection, frame, time, key, flags, seq, ack, window, tsval, mark, seen)
    local fin = band(flags, FIN) ~= 0
    local side = 0
    if key ~= chain.key then side = 1 end
    local own = connection.ends[side + 1]
    local peer = connection.ends[2 - side]
    local closing = own.closing
    local answered = peer.closing
    if fin and (closing.fin >= 0 or window * FULL < own.raw_window) then return false end
    local nxt = own.nxt
    if seq + MODULUS ~= nxt and seq ~= nxt % MODULUS then return false end
    local reached = ack + MODULUS
    if reached < own.ackmax or reached > peer.nxt then reached = beyond(own.ackmax, ack) end
    local unheard = peer.nxt - reached
    if unheard < 0 or unheard > FAR or (reached == own.ackmax and not fin) then
      return false
    end
    if answered.fin >= 0 and reached ~= answered.fin_end then return false end
    if time < engine.now and (time < own.last_time or time < peer.last_time) then
      return false
    end
    if tsval < own.tsval or (own.tsval < 0 and tsval >= 0) then return false end
    local recent = engine.recent
    recent.count = recent.count + 1
    recent.young[mark] = seen
    if recent.count >= GENERATION then
      turn(recent)
    end
    learn_use(own, tsval)
    if fin then
      tell_fin(connection, own, peer, flags, seq, ack, window)
      closing.fin = nxt
      closing.fin_end = nxt + 1
      closing.lowest_end = nxt + 1
      closing.frame = frame
      closing.time = time
      closing.last_frame = frame
      closing.last_time = time
      closing.copies = 1
      closing.min_ack = reached
      closing.sure = #own.gaps == 0
      if tsval > own.tsval then closing.tsval = tsval end
      own.nxt = nxt + 1
      own.seen = nxt + 1
      connection.calm = false
    else
      tell_ack(connection, own, flags, seq, ack, window)
    end
    own.ackmax = reached
    own.last_ack = reached
    own.moved = true
    if answered.fin >= 0 then
      answered.confirmed = true
      own.got_fin = true
      if not peer.fin_acked then
        peer.fin_acked = true
        answered.acked_frame = frame
        answered.acked_time = time
        answered.combined = fin
      end
    end
    note_raw_window(own, window)
    own.tsval = tsval
    own.segments = own.segments + 1
    own.last_frame = frame
    own.last_time = time
    if answered.fin >= 0 and closing.fin >= 0 then
      own.state = state(own, peer)
      peer.state = state(peer, own)
    elseif fin then
      own.state = FIN_WAIT_1
    elseif answered.fin >= 0 then
      own.state = CLOSE_WAIT
      peer.state = FIN_WAIT_2
    end
    local step = engine.step
    step.findings = {}
    step.connection = connection.number
    step.side = side
    step.state0 = connection.ends[1].state
    step.state1 = connection.ends[2].state
    step.seq = nxt - own.first
    step.ack = reached - peer.first
    step.again = false
    if fin then
      name_fin(own, peer, step)
    elseif answered.acked_frame == frame then
      name_ack_of_fin(own, peer, step)
    else
      step.name = "ack"
    end
    if not fin then engine.census.plain_seen = true end
    if own.fin_acked and peer.fin_acked then
      connection.orderly = false
      sum_up(connection)
    end
    return true
  end

  -- core/calm.py:203: The unwrapped number of `raw` that is not below `number`. Until numbers wrap, they lie one turn
  -- above the raw.
  function beyond(number, raw)
    return number + (raw + MODULUS - number % MODULUS) % MODULUS
  end

  -- core/calm.py:208: The largest window that this end has offered.
  function note_raw_window(own, window)
    if window > own.raw_window then
      own.raw_window = window
      own.wmax = larger(own.wmax, window * own.opening.multiplier)
    end
  end

  -- core/calm.py:215: The largest payload of this end that is worth no second look, by what its peer announced (RFC
  -- 9293 §3.7.1).
  local function ordinary_payload(endpoint, peer)
    local mss = peer.opening.mss
    if mss <= 0 then
      if not peer.iss_seen then return ORDINARY_PAYLOAD end
      mss = DEFAULT_MSS
    end
    if endpoint.tsval >= 0 then mss = mss - STAMPS_LENGTH end
    if mss < ORDINARY_PAYLOAD then return mss end
    return ORDINARY_PAYLOAD
  end

  -- core/calm.py:229: Counts and last times of the connection, from those of its ends.
  function sum_up(connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    connection.segments = zero.segments + one.segments + connection.strange
    if one.last_frame == 0 or (zero.last_frame > 0 and zero.last_time >= one.last_time) then
      connection.last_time = zero.last_time
    else
      connection.last_time = one.last_time
    end
    connection.last_frame = zero.last_frame
    if one.last_frame > zero.last_frame then connection.last_frame = one.last_frame end
  end

  -- core/calm.py:243: Whether the next segment may take the short path: `calm` for data, `orderly` for a FIN or what
  -- follows it.
  local function settle(connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    connection.calm = false
    connection.orderly = false
    if connection.chain.pending ~= nil or connection.chain.again ~= nil or connection.removed_numbers then
      return
    end
    if not is_open(zero) or not is_open(one) or (zero.fin_acked and one.fin_acked) then
      return
    end
    if band(zero.opening.offers, SIGNED) ~= 0 or band(one.opening.offers, SIGNED) ~= 0 then
      return
    end
    if awaits_syn_data(zero, one) or awaits_syn_data(one, zero) then return end
    if zero.opening.wscale < 0 or one.opening.wscale < 0 then
      zero.opening.multiplier = 1
      one.opening.multiplier = 1
    end
    if owes_proof(zero) or owes_proof(one) or hides_beginning(zero, one) or hides_beginning(one, zero) then
      return
    end
    if overtaken(zero, one) or overtaken(one, zero) then return end
    zero.ordinary = 0
    one.ordinary = 0
    if band(zero.told, PAYLOAD) ~= 0 then zero.ordinary = ordinary_payload(zero, one) end
    if band(one.told, PAYLOAD) ~= 0 then one.ordinary = ordinary_payload(one, zero) end
    connection.orderly = true
    connection.calm = zero.closing.fin < 0 and one.closing.fin < 0
  end

  -- core/calm.py:278: A hole that its peer has not acknowledged yet: it may still be filled, or be told as lost
  -- (core/tell).
  function overtaken(endpoint, peer)
    return #endpoint.gaps > 0 and endpoint.gaps[#endpoint.gaps] > peer.ackmax
  end

  -- core/calm.py:283: What the peer acknowledged lies below or above what this end sent, or where the peer began is not
  -- known yet.
  function hides_beginning(endpoint, peer)
    if peer.ackmax <= endpoint.iss or peer.ackmax > endpoint.nxt then return true end
    return endpoint.iss_seen and peer.iss < 0 and endpoint.nxt == endpoint.iss + 1
  end

  -- core/calm.py:290: The first payload of an end since the last SYN, FIN or RST; it is told to the programs outside
  -- (core/tell).
  function begins_data(connection, own, peer, flags, seq, ack, length, window, tsval)
    if band(own.told, PAYLOAD) ~= 0 or window == 0 or length > ordinary_payload(own, peer) then
      return false
    end
    own.ordinary = ordinary_payload(own, peer)
    learn_use(own, tsval)
    tell_payload(connection, own, flags, seq, ack, length, window)
    return true
  end

  -- core/calm.py:300: Data on the SYN of this end that its peer has not acknowledged: how they are sent again is looked
  -- at closely.
  function awaits_syn_data(endpoint, peer)
    return endpoint.opening.length > 0 and peer.ackmax <= endpoint.iss + endpoint.opening.length
  end

  -- core/calm.py:305: A third step of this end that its peer's first data will judge (core/rules/third_step).
  function owes_proof(endpoint)
    local one = endpoint.opening.suspects
    while one ~= nil do
      if one.code == "HS003" and one.proof == 0 then return true end
      one = one.before
    end
    return false
  end

  -- core/calm.py:315: Established, and its FIN, if any, stands where its numbers end.
  function is_open(endpoint)
    if not (endpoint.syn_sent and endpoint.got_syn and endpoint.syn_acked) or endpoint.ackmax < 0 then
      return false
    end
    if endpoint.seen < 0 or endpoint.seen ~= endpoint.nxt then return false end
    local closing = endpoint.closing
    if closing.rst_frame > 0 or closing.no_ack or closing.excess ~= nil then
      return false
    end
    return closing.fin < 0 or (closing.fin_end == endpoint.nxt and closing.lowest_end == endpoint.nxt)
  end

  core.calm = { PLAIN_ACK = PLAIN_ACK, PUSHED = PUSHED, LAST = LAST, LAST_PUSHED = LAST_PUSHED,
      ORDINARY_PAYLOAD = ORDINARY_PAYLOAD, DEFAULT_MSS = DEFAULT_MSS, STAMPS_LENGTH = STAMPS_LENGTH, FULL = FULL,
      pass_by = pass_by, pass_close = pass_close, beyond = beyond, note_raw_window = note_raw_window,
      ordinary_payload = ordinary_payload, sum_up = sum_up, settle = settle, overtaken = overtaken,
      hides_beginning = hides_beginning, begins_data = begins_data, awaits_syn_data = awaits_syn_data,
      owes_proof = owes_proof, is_open = is_open }
end

-- core/wire.py: The portable decoder: the octets of a frame in, a segment, a quotation or a named skip out.
do
  local from = core.decoder
  local LAYER_ETHERNET, LAYER_EXTENSION, LAYER_GRE, LAYER_ICMP, LAYER_ICMP6, LAYER_IP, LAYER_LOOPBACK, LAYER_MPLS,
      LAYER_PPP, LAYER_PPPOE, LAYER_SLL, LAYER_SLL2, LAYER_TCP, LAYER_UDP, LAYER_VLAN, LOOK,
      number_link = from.LAYER_ETHERNET, from.LAYER_EXTENSION, from.LAYER_GRE, from.LAYER_ICMP, from.LAYER_ICMP6,
      from.LAYER_IP, from.LAYER_LOOPBACK, from.LAYER_MPLS, from.LAYER_PPP, from.LAYER_PPPOE, from.LAYER_SLL,
      from.LAYER_SLL2, from.LAYER_TCP, from.LAYER_UDP, from.LAYER_VLAN, from.LOOK, from.number_link
  from = core.internet
  local extension, icmp, icmp6, ip = from.extension, from.icmp, from.icmp6, from.ip
  from = core.layers
  local ethernet, gre, llc, loopback, mpls, ppp, pppoe, sll, sll2, udp, vlan = from.ethernet, from.gre, from.llc,
      from.loopback, from.mpls, from.ppp, from.pppoe, from.sll, from.sll2, from.udp, from.vlan
  from = core.model
  local Segment = from.Segment
  from = core.skips
  local NOT_TCP, QUOTE, TOO_DEEP, UNKNOWN_LINK_TYPE, UNREADABLE_QUOTE = from.NOT_TCP, from.QUOTE, from.TOO_DEEP,
      from.UNKNOWN_LINK_TYPE, from.UNREADABLE_QUOTE
  from = core.tcp
  local read_tcp, tcp = from.read_tcp, from.tcp
  local decode_layer, read_layer
  local MAX_HEADERS = 48

  -- core/wire.py:42: The layer with which frames of a link type (numbers of pcap files) begin; 0 when it is not known
  -- here.
  local function layer_of_link_type(link_type)
    if link_type == 1 then return LAYER_ETHERNET end
    if link_type == 101 or link_type == 12 or link_type == 14 or link_type == 228 or link_type == 229 then
      return LAYER_IP
    end
    if link_type == 113 then return LAYER_SLL end
    if link_type == 276 then return LAYER_SLL2 end
    if link_type == 0 or link_type == 108 then return LAYER_LOOPBACK end
    if link_type == 9 then return LAYER_PPP end
    return 0
  end

  -- core/wire.py:59: Read one frame: SEGMENT (see decoder.segment), QUOTE (see decoder.quote) or the code of a skip.
  local function decode(decoder, data, link_type, frame, time, interface, captured, original)
    local limit = #data
    if limit > LOOK then limit = LOOK end
    if link_type == 1 and (54 <= limit and limit <= captured) and byte(data, 13) == 8 and byte(data, 14) == 0 and
        byte(data, 15) == 69 and byte(data, 24) == 6 and byte(data, 22) == 0 and band(byte(data, 21), 63) == 0 then
      local total = byte(data, 17) * 256 + byte(data, 18)
      if total >= 40 then
        local link = decoder.links[sub(data, 1, 12)]
        if link == nil then link = number_link(decoder, sub(data, 1, 12)) end
        local ip_id = byte(data, 19) * 256 + byte(data, 20)
        local segment = Segment(frame, time, sub(data, 27, 38), ip_id, byte(data, 23), byte(data, 16) % 4, link,
            interface)
        return read_tcp(decoder, segment, data, 34, limit, total - 20)
      end
    end
    local layer = layer_of_link_type(link_type)
    if layer == 0 then return UNKNOWN_LINK_TYPE end
    return decode_layer(decoder, data, 0, layer, frame, time, interface, captured, original)
  end

  -- core/wire.py:92: As `decode`, but begin with a given layer (a LAYER_ constant of core/decoder) at `offset`.
  function decode_layer(decoder, data, offset, layer, frame, time, interface, captured, original)
    decoder.data = data
    decoder.offset = offset
    if captured > #data and #data < LOOK then captured = #data end
    decoder.captured = captured
    decoder.whole = captured >= original
    local limit = #data
    if limit > LOOK then limit = LOOK end
    if limit > captured then limit = captured end
    decoder.limit = limit
    decoder.frame = frame
    decoder.time = time
    decoder.interface = interface
    decoder.link = 0
    decoder.assembled = false
    decoder.quoting = false
    local headers = 0
    while layer >= LAYER_ETHERNET do
      headers = headers + 1
      if headers > MAX_HEADERS then
        layer = TOO_DEEP
      else
        layer = read_layer(decoder, layer)
      end
    end
    if decoder.quoting and layer ~= QUOTE and layer ~= NOT_TCP then
      return UNREADABLE_QUOTE
    end
    return layer
  end

  -- core/wire.py:124: Read one header; the layer that follows, or a result.
  function read_layer(decoder, layer)
    if layer == LAYER_IP then return ip(decoder) end
    if layer == LAYER_TCP then return tcp(decoder) end
    if layer == LAYER_ETHERNET then return ethernet(decoder) end
    if layer == LAYER_VLAN then return vlan(decoder) end
    if layer == LAYER_EXTENSION then return extension(decoder) end
    if layer == LAYER_UDP then return udp(decoder) end
    if layer == LAYER_ICMP then return icmp(decoder) end
    if layer == LAYER_ICMP6 then return icmp6(decoder) end
    if layer == LAYER_SLL then return sll(decoder) end
    if layer == LAYER_SLL2 then return sll2(decoder) end
    if layer == LAYER_LOOPBACK then return loopback(decoder) end
    if layer == LAYER_PPP then return ppp(decoder) end
    if layer == LAYER_PPPOE then return pppoe(decoder) end
    if layer == LAYER_MPLS then return mpls(decoder) end
    if layer == LAYER_GRE then return gre(decoder) end
    return llc(decoder)
  end

  core.wire = { MAX_HEADERS = MAX_HEADERS, layer_of_link_type = layer_of_link_type, decode = decode,
      decode_layer = decode_layer, read_layer = read_layer }
end

-- core/registry.py: The open connections: numbered, listed in the order of their opening, retired when they can change
-- no more.
do
  local from = core.calm
  local sum_up = from.sum_up
  from = core.connection
  local Connection = from.Connection
  from = core.evidence
  local both_fins_acked, reset_effective = from.both_fins_acked, from.reset_effective
  from = core.model
  local SYN_SENT = from.SYN_SENT
  local assign_number, link, retire
  local CLOSED_KEPT = 240000000
  local SILENT_KEPT = 600000000
  local LOOK_EVERY = 1000000
  local LEAST_LOOKED_AT = 64

  -- core/registry.py:19: A new connection on a pair, with the next number.
  local function open_connection(engine, chain)
    local connection = Connection(-1, chain, engine.settings.outside_words)
    assign_number(engine, connection)
    return connection
  end

  -- core/registry.py:26: A connection that may turn out not to be one.
  local function open_unnumbered(engine, chain)
    return Connection(-1, chain, engine.settings.outside_words)
  end

  -- core/registry.py:31: Numbers count from 0 in the order of opening.
  function assign_number(engine, connection)
    connection.number = engine.next_number
    connection.breaks = engine.clock_breaks
    engine.next_number = engine.next_number + 1
    link(engine, connection)
  end

  -- core/registry.py:39: Remember where the connection begins.
  local function note_first(arrival)
    local connection = arrival.connection
    if connection.segments == 0 then
      connection.first_frame = arrival.frame
      connection.first_time = arrival.time
      connection.first_side = arrival.side
    end
  end

  -- core/registry.py:48: Put the connection at the end of the list of open ones.
  function link(engine, connection)
    connection.listed = true
    connection.before = engine.last
    if engine.last == nil then
      engine.first = connection
    else
      engine.last.after = connection
    end
    engine.last = connection
    engine.open_count = engine.open_count + 1
  end

  -- core/registry.py:60: Take the connection out of the list of open ones.
  local function unlink(engine, connection)
    if not connection.listed then return end
    connection.listed = false
    if engine.cursor ~= nil and engine.cursor.number == connection.number then
      engine.cursor = connection.after
    end
    if connection.before == nil then
      engine.first = connection.after
    else
      connection.before.after = connection.after
    end
    if connection.after == nil then
      engine.last = connection.before
    else
      connection.after.before = connection.before
    end
    connection.before = nil
    connection.after = nil
    engine.open_count = engine.open_count - 1
  end

  -- core/registry.py:80: The connection can change no more: hand it out with the next call of `retired`.
  local function finish(engine, connection)
    if connection.listed then
      unlink(engine, connection)
      engine.finished[#engine.finished + 1] = connection
    end
  end

  -- core/registry.py:87: Closed for 240 s, or silent for 600 s in SYN-SENT.
  local function may_retire(engine, connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    if engine.now - zero.last_time <= CLOSED_KEPT and zero.segments > 0 then
      return false
    end
    sum_up(connection)
    local quiet = engine.now - connection.last_time
    if quiet <= CLOSED_KEPT then return false end
    if both_fins_acked(connection) or reset_effective(connection) then return true end
    if quiet <= SILENT_KEPT then return false end
    return (zero.segments == 0 or one.segments == 0) and connection.ends[connection.first_side + 1].state == SYN_SENT
  end

  -- core/registry.py:104: Examine a part of the open connections, one after the other. Due once in a second of capture
  -- time.
  local function look_for_retired(engine)
    engine.look_after = engine.now + LOOK_EVERY
    local left = LEAST_LOOKED_AT + floor(engine.open_count / 16)
    while left > 0 do
      if engine.cursor == nil then engine.cursor = engine.first end
      local connection = engine.cursor
      if connection == nil then return end
      engine.cursor = connection.after
      local zero = connection.ends[1]
      if engine.now - zero.last_time > CLOSED_KEPT or zero.segments == 0 then
        if may_retire(engine, connection) then
          retire(engine, connection)
        end
      end
      left = left - 1
    end
  end

  -- core/registry.py:122: Finish the connection, and forget its pair when nothing else is on it.
  function retire(engine, connection)
    local chain = connection.chain
    finish(engine, connection)
    if chain.pending ~= nil and chain.pending.number == connection.number then
      chain.pending = nil
    end
    if chain.current ~= nil and chain.current.number == connection.number then
      chain.current = chain.pending
      chain.pending = nil
      chain.again = nil
    end
    if chain.current == nil then
      engine.chains[chain.key] = nil
      engine.chains[chain.reverse] = nil
    end
  end

  -- core/registry.py:137: Keep to the limit of open connections: the one that has been open longest leaves, unless it
  -- is busy.
  local function make_room(engine)
    local tried = 0
    while engine.open_count > engine.settings.max_connections do
      local oldest = engine.first
      local busy = engine.arrival.connection ~= nil and oldest.number == engine.arrival.connection.number
      if busy or (tried < 8 and engine.now - oldest.last_time < 1000000) then
        unlink(engine, oldest)
        link(engine, oldest)
        tried = tried + 1
      else
        Engine.count_note(engine, "connection-limit")
        retire(engine, oldest)
      end
    end
  end

  core.registry = { CLOSED_KEPT = CLOSED_KEPT, SILENT_KEPT = SILENT_KEPT, LOOK_EVERY = LOOK_EVERY,
      LEAST_LOOKED_AT = LEAST_LOOKED_AT, open_connection = open_connection, open_unnumbered = open_unnumbered,
      assign_number = assign_number, note_first = note_first, link = link, unlink = unlink, finish = finish,
      may_retire = may_retire, look_for_retired = look_for_retired, retire = retire, make_room = make_room }
end

-- core/incarnation.py: Which incarnation of an address and port pair does a segment belong to?
do
  local from = core.connection
  local Far, Past = from.Far, from.Past
  from = core.evidence
  local active_closer, both_fins_acked, closed, has_hole, reset_before, synchronised = from.active_closer,
      from.both_fins_acked, from.closed, from.has_hole, from.reset_before, from.synchronised
  from = core.facts
  local place = from.place
  from = core.registry
  local assign_number, finish, open_connection, open_unnumbered = from.assign_number, from.finish, from.open_connection,
      from.open_unnumbered
  from = core.sequence
  local FAR, HALF, MODULUS, between, difference, larger = from.FAR, from.HALF, from.MODULUS, from.between,
      from.difference, from.larger
  local open_current, drop_pending, route_syn, commit, route_synack, withdraw, route_rst, commit_refused, settle,
      route_other, follows_far
  local MOST_PAST = 2

  -- core/incarnation.py:21: Within FAR of a known number; an unknown one says nothing against it.
  local function near(number, reference)
    if reference < 0 then return true end
    return between(-FAR, number - reference, FAR)
  end

  -- core/incarnation.py:28: Generous fit: one of the two numbers is near.
  local function belongs_by_either(arrival)
    return arrival.seq_near or arrival.ack_near
  end

  -- core/incarnation.py:33: May change facts: no number of it is far from the incarnation's.
  local function near_by_both(arrival)
    return arrival.seq_near and not arrival.ack_far
  end

  -- core/incarnation.py:38: The ack of this segment covers the SYN of `asker` and no more than the data on it.
  local function answers_syn(arrival, asker)
    return asker.iss >= 0 and between(asker.iss + 1, arrival.ack, asker.iss + 1 + asker.opening.length)
  end

  -- core/incarnation.py:43: A connection without a SYN in which too little was seen to be more than a stray segment.
  local function is_weak(connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    if zero.iss_seen or one.iss_seen then return false end
    return (zero.segments == 0 or one.segments == 0) and connection.segments < 2
  end

  -- core/incarnation.py:52: Keep what recognises late segments of an incarnation that is gone.
  local function remember(chain, connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    local past = Past(connection.number, connection.last_time)
    if zero.nxt >= 0 then
      past.low0 = larger(zero.first, zero.nxt - HALF + 1) % MODULUS
      past.high0 = zero.nxt % MODULUS
    end
    if one.nxt >= 0 then
      past.low1 = larger(one.first, one.nxt - HALF + 1) % MODULUS
      past.high1 = one.nxt % MODULUS
    end
    past.tsval0 = zero.tsval
    past.tsval1 = one.tsval
    past.closer = active_closer(connection)
    past.breaks = connection.breaks
    past.orderly = both_fins_acked(connection)
    past.reset = reset_before(connection)
    past.window0 = zero.wmax
    past.window1 = one.wmax
    if #chain.past >= MOST_PAST then chain.past = {chain.past[#chain.past]} end
    chain.past[#chain.past + 1] = past
  end

  -- core/incarnation.py:76: By both numbers the segment lies inside an incarnation that is gone.
  local function is_delayed(arrival, chain)
    local segment = arrival.segment
    for _, past in ipairs(chain.past) do
      local own_low = past.low0
      local own_high = past.high0
      local peer_low = past.low1
      local peer_high = past.high1
      if arrival.side == 1 then
        own_low = past.low1
        own_high = past.high1
        peer_low = past.low0
        peer_high = past.high0
      end
      if own_low >= 0 and difference(segment.seq, own_low) >= 0 and difference(segment.seq, own_high) <= 0 then
        if not arrival.has_ack then return true end
        if peer_low >= 0 and difference(segment.ack, peer_low) >= 0 and difference(segment.ack, peer_high) <= 0 then
          return true
        end
      end
    end
    return false
  end

  -- core/incarnation.py:97: A number of it lies outside this incarnation, and both lie inside one that is gone.
  local function is_older(arrival, chain)
    local own = arrival.own
    local peer = arrival.peer
    local below = own.first >= 0 and arrival.seq < own.first
    if arrival.rst and own.opening.alone_frame > 0 and not own.got_syn and arrival.seq > own.nxt then
      below = true
    end
    if own.segments == 0 and peer.opening.alone_frame > 0 and arrival.ack > peer.nxt then
      below = true
    end
    if arrival.has_ack and peer.first >= 0 and arrival.ack < peer.first then
      below = true
    end
    return (below or arrival.ack_far) and is_delayed(arrival, chain)
  end

  -- core/incarnation.py:111: A SYN-ACK for a SYN that was captured before this incarnation's, and that nothing had
  -- answered.
  local function answers_past(arrival, chain)
    for _, past in ipairs(chain.past) do
      local asked = past.high1
      local answered = past.low0
      if arrival.side == 1 then
        asked = past.high0
        answered = past.low1
      end
      if answered < 0 and asked == arrival.segment.ack then return true end
    end
    return false
  end

  -- core/incarnation.py:124: The connection gives way to a newer one: it can change no more.
  local function supersede(engine, chain, connection)
    connection.superseded = true
    remember(chain, connection)
    finish(engine, connection)
  end

  -- core/incarnation.py:131: Find or open the connection of the segment and look at the segment as one of it.
  local function route(engine, arrival, chain)
    arrival.foreign = false
    arrival.delayed = false
    arrival.displaced = -1
    arrival.committed = false
    local current = chain.current
    if current == nil then
      open_current(engine, arrival, chain)
      return
    end
    if arrival.rst then
      route_rst(engine, arrival, chain)
    elseif arrival.syn then
      if arrival.has_ack then
        route_synack(engine, arrival, chain)
      else
        route_syn(engine, arrival, chain)
      end
    else
      route_other(engine, arrival, chain)
    end
  end

  -- core/incarnation.py:155: A new connection on the pair, in place of whatever was current.
  function open_current(engine, arrival, chain)
    local connection = open_connection(engine, chain)
    chain.current = connection
    place(arrival, connection)
  end

  -- core/incarnation.py:162: The current connection ended or gave way; this SYN opens the next. `link`: 1 reuse of an
  -- ended one, 2 retry.
  local function reopen(engine, arrival, chain, link)
    local old = chain.current
    drop_pending(engine, chain)
    supersede(engine, chain, old)
    if not closed(old, arrival.time) and link == 1 then link = 0 end
    open_current(engine, arrival, chain)
    if link == 1 then
      chain.current.reuse_of = old.number
    elseif link == 2 then
      chain.current.retry_of = old.number
    end
  end

  -- core/incarnation.py:176: A newer SYN takes the place of the pending one.
  function drop_pending(engine, chain)
    chain.again = nil
    if chain.pending ~= nil then
      chain.pending.superseded = true
      finish(engine, chain.pending)
      chain.pending = nil
    end
  end

  -- core/incarnation.py:185: A SYN without ACK.
  function route_syn(engine, arrival, chain)
    local current = chain.current
    if chain.pending ~= nil then
      place(arrival, chain.pending)
      if arrival.own.iss_seen and arrival.seq == arrival.own.iss then
        if closed(current, arrival.time) then
          commit(engine, arrival, chain)
        end
        return
      end
    end
    place(arrival, current)
    local own = arrival.own
    local peer = arrival.peer
    if is_weak(current) and not (own.iss >= 0 and arrival.seq == own.iss) then
      reopen(engine, arrival, chain, 0)
      return
    end
    if own.iss >= 0 and arrival.seq == own.iss then
      if closed(current, arrival.time) and chain.again == nil and own.iss_seen and peer.iss_seen then
        chain.again = open_unnumbered(engine, chain)
        current.calm = false
        current.orderly = false
      end
      if chain.again ~= nil then
        Engine.feed(engine, chain.again, arrival)
        place(arrival, current)
        arrival.own.opening.late = true
        arrival.delayed = true
      end
      return
    end
    if peer.segments == 0 then
      reopen(engine, arrival, chain, 2)
      return
    end
    if closed(current, arrival.time) then
      reopen(engine, arrival, chain, 1)
      return
    end
    if not own.iss_seen and peer.opening.alone_frame > 0 and not peer.got_syn and own.closing.rst_count == 0 then
      return
    end
    drop_pending(engine, chain)
    chain.pending = open_connection(engine, chain)
    current.calm = false
    current.orderly = false
    place(arrival, chain.pending)
  end

  -- core/incarnation.py:226: The pending incarnation was answered: it is the current one from here.
  function commit(engine, arrival, chain)
    local old = chain.current
    arrival.committed = true
    local alive = synchronised(old.ends[1]) or synchronised(old.ends[2])
    if alive and not closed(old, arrival.time) then arrival.displaced = old.number end
    supersede(engine, chain, old)
    chain.current = chain.pending
    chain.current.reuse_of = old.number
    chain.pending = nil
    chain.again = nil
    place(arrival, chain.current)
  end

  -- core/incarnation.py:241: A SYN with ACK: match it with the SYNs of the pending and the current incarnation.
  function route_synack(engine, arrival, chain)
    local current = chain.current
    if chain.pending ~= nil then
      place(arrival, chain.pending)
      if answers_syn(arrival, arrival.peer) then
        commit(engine, arrival, chain)
        return
      end
    end
    place(arrival, current)
    local own = arrival.own
    local peer = arrival.peer
    if not closed(current, arrival.time) then
      if not answers_syn(arrival, peer) and answers_past(arrival, chain) then
        arrival.delayed = true
        return
      end
      if peer.segments == 0 and own.closing.fin >= 0 and arrival.seq ~= own.iss then
        reopen(engine, arrival, chain, 0)
        return
      end
      if is_weak(current) and current.ends[2 - arrival.side].segments == 0 and own.nxt >= 0 then
        if not near(arrival.seq, own.nxt) then
          reopen(engine, arrival, chain, 0)
        end
      end
      return
    end
    if own.iss >= 0 and arrival.seq == own.iss then return end
    if not own.iss_seen and answers_syn(arrival, peer) and arrival.seq < own.first and near(arrival.seq, own.first) then
      return
    end
    if chain.again ~= nil and answers_syn(arrival, peer) then
      chain.pending = chain.again
      assign_number(engine, chain.pending)
      withdraw(current, chain.pending.first_frame)
      commit(engine, arrival, chain)
      return
    end
    reopen(engine, arrival, chain, 0)
  end

  -- core/incarnation.py:276: The SYN in this frame has turned out to open the next connection: nothing is left to say
  -- of it here.
  function withdraw(connection, frame)
    local kept = {}
    for _, finding in ipairs(connection.findings) do
      if finding.code ~= "ID010" or finding.frame ~= frame then
        kept[#kept + 1] = finding
      end
    end
    connection.findings = kept
  end

  -- core/incarnation.py:285: A RST opens nothing while a connection exists.
  function route_rst(engine, arrival, chain)
    if chain.pending ~= nil then
      place(arrival, chain.pending)
      if arrival.has_ack and answers_syn(arrival, arrival.peer) then
        commit_refused(engine, arrival, chain)
        return
      end
      local asked = arrival.own
      if asked.iss >= 0 and between(asked.iss, arrival.seq, asked.iss + 1) and asked.segments > 0 then
        return
      end
    end
    place(arrival, chain.current)
    settle(arrival, chain)
  end

  -- core/incarnation.py:299: The pending SYN was refused: whatever connection the peer had is gone, or it never had
  -- one.
  function commit_refused(engine, arrival, chain)
    commit(engine, arrival, chain)
  end

  -- core/incarnation.py:304: Mark a segment that stays with the current connection although its numbers do not.
  function settle(arrival, chain)
    if belongs_by_either(arrival) then
      arrival.delayed = is_older(arrival, chain)
    elseif is_delayed(arrival, chain) then
      arrival.delayed = true
    else
      arrival.foreign = true
    end
  end

  -- core/incarnation.py:314: A segment that only the pending connection explains, though its SYN-ACK was not captured.
  local function belongs_to_pending(arrival, pending, current)
    place(arrival, pending)
    local exact
    if arrival.own.segments > 0 then
      exact = arrival.seq == arrival.own.nxt
      place(arrival, current)
      return exact and arrival.seq ~= arrival.own.nxt
    end
    if not arrival.has_ack then return false end
    exact = answers_syn(arrival, arrival.peer)
    place(arrival, current)
    return exact and arrival.ack ~= arrival.peer.nxt and arrival.ack ~= arrival.peer.closing.fin_end
  end

  -- core/incarnation.py:328: Data, acknowledgments, FINs and anything without SYN or RST.
  function route_other(engine, arrival, chain)
    local current = chain.current
    if chain.pending ~= nil and belongs_to_pending(arrival, chain.pending, current) then
      place(arrival, chain.pending)
      commit(engine, arrival, chain)
      return
    end
    place(arrival, current)
    local own = arrival.own
    local peer = arrival.peer
    if closed(current, arrival.time) then
      local beyond = own.nxt >= 0 and arrival.seq > own.nxt and arrival.has_ack and peer.nxt >= 0 and
          arrival.ack > peer.nxt
      if beyond or not belongs_by_either(arrival) then
        if not beyond and is_delayed(arrival, chain) then
          arrival.delayed = true
          return
        end
        if arrival.has_ack then
          reopen(engine, arrival, chain, 0)
        else
          arrival.foreign = true
        end
        return
      end
    end
    if belongs_by_either(arrival) then
      arrival.delayed = #chain.past > 0 and is_older(arrival, chain)
      return
    end
    if is_delayed(arrival, chain) then
      arrival.delayed = true
      return
    end
    if follows_far(arrival) then return end
    arrival.foreign = true
  end

  -- core/incarnation.py:360: After a hole larger than FAR: the third segment in a row that agrees on the new place
  -- moves the connection.
  function follows_far(arrival)
    local own = arrival.own
    if own.far ~= nil and between(0, arrival.segment.seq - own.far.seq, FAR) then
      own.far.count = own.far.count + 1
      own.far.seq = arrival.segment.seq
    else
      own.far = Far(arrival.segment.seq)
    end
    if own.far.count < 3 or not arrival.has_ack then return false end
    own.far = nil
    if not has_hole(own) then own.hole_frame = arrival.frame end
    own.gaps = {own.nxt, arrival.seq}
    own.nxt = arrival.seq
    arrival.seq_near = true
    return true
  end

  core.incarnation = { MOST_PAST = MOST_PAST, near = near, belongs_by_either = belongs_by_either,
      near_by_both = near_by_both, answers_syn = answers_syn, is_weak = is_weak, remember = remember,
      is_delayed = is_delayed, is_older = is_older, answers_past = answers_past, supersede = supersede, route = route,
      open_current = open_current, reopen = reopen, drop_pending = drop_pending, route_syn = route_syn, commit = commit,
      route_synack = route_synack, withdraw = withdraw, route_rst = route_rst, commit_refused = commit_refused,
      settle = settle, belongs_to_pending = belongs_to_pending, route_other = route_other, follows_far = follows_far }
end

-- core/rules/cookie.py: OP024: a SYN-ACK that looks like a SYN cookie (RFC 4987 §3.6).
do
  local from = core.census
  local know_full_answer = from.know_full_answer
  from = core.evidence
  local damaged = from.damaged
  from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local HANDSHAKE = from.HANDSHAKE
  from = core.note
  local observed, undecided = from.observed, from.undecided
  from = core.offer
  local BROKEN, CUT, SACK, SCALE, STAMPS = from.BROKEN, from.CUT, from.SACK, from.SCALE, from.STAMPS
  from = core.rules.options
  local list_is_broken = from.list_is_broken

  -- core/rules/cookie.py:17: Address and port of the sender in a connection key.
  local function sender_of(key)
    if #key == 12 then return sub(key, 1, 4) .. sub(key, 9, 10) end
    return sub(key, 1, 16) .. sub(key, 33, 34)
  end

  -- core/rules/cookie.py:24: OP024: the SYN offered options, and this server, which knows them, answers by its MSS
  -- alone.
  local function syn_cookie_shape(arrival)
    local segment = arrival.segment
    local options = segment.options
    local asked = arrival.peer.opening
    if damaged(arrival) or list_is_broken(arrival) or not answers_syn(arrival, arrival.peer) or
        asked.alone_frame == 0 then
      return
    end
    local server = sender_of(segment.key)
    local census = arrival.engine.census
    if options.wscale >= 0 or options.sackok or segment.tsval >= 0 then
      know_full_answer(census, server, arrival.frame)
      return
    end
    if band(asked.offers, BROKEN) ~= 0 or band(asked.offers, CUT) ~= 0 then return end
    if band(asked.offers, SCALE) == 0 and band(asked.offers, SACK) == 0 and band(asked.offers, STAMPS) == 0 then
      return
    end
    local full = census.full_answers[server]
    if full == nil or options.mss < 0 then return end
    if segment.truncated or not options.complete then
      undecided(arrival, HANDSHAKE, "OP024", "mss-only", "truncated", full, options.mss, -1)
    else
      observed(arrival, HANDSHAKE, "OP024", "mss-only", full, options.mss, -1)
    end
  end

  core.rules.cookie = { sender_of = sender_of, syn_cookie_shape = syn_cookie_shape }
end

-- core/rules/early.py: HS024 and TD019: what an end sends before the SYN of its peer has come.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.evidence
  local NEAR_ISN, damaged, knows_nothing, reset_before = from.NEAR_ISN, from.damaged, from.knows_nothing,
      from.reset_before
  from = core.incarnation
  local is_delayed = from.is_delayed
  from = core.model
  local HANDSHAKE, TEARDOWN, VIOLATES = from.HANDSHAKE, from.TEARDOWN, from.VIOLATES
  from = core.note
  local conclude, leaves_open, observed, ran = from.conclude, from.leaves_open, from.observed, from.ran
  from = core.outcome
  local SETTLED, other_segments = from.SETTLED, from.other_segments
  from = core.sequence
  local FAR, MODULUS, between, difference, size = from.FAR, from.MODULUS, from.between, from.difference, from.size
  local early_excuse, judge_early, doubt_about_peer, first_syn_frame

  -- core/rules/early.py:21: Remember the first FIN, and the first segment that is none, that acknowledges 0 before the
  -- peer is known.
  local function keep_early(arrival)
    if not arrival.has_ack or not knows_nothing(arrival) or damaged(arrival) then return end
    if not between(0, arrival.seq - arrival.own.iss, NEAR_ISN) then return end
    local code = "HS024"
    if arrival.fin then code = "TD019" end
    local opening = arrival.own.opening
    local one = opening.suspects
    while one ~= nil do
      if one.code == code and one.why == "" then return end
      one = one.before
    end
    opening.suspects = Suspect(code, arrival.frame, arrival.time, early_excuse(arrival), opening.suspects)
    opening.suspects.number = arrival.length
  end

  -- core/rules/early.py:40: What in the segment itself, or before it, makes it prove nothing; "" for nothing.
  function early_excuse(arrival)
    if arrival.segment.hop_limit ~= arrival.own.opening.hop_limit then
      return "third-party"
    end
    if reset_before(arrival.connection) or is_delayed(arrival, arrival.connection.chain) then
      return "order"
    end
    return ""
  end

  -- core/rules/early.py:52: HS024, and TD019 for a FIN: nothing but a SYN may leave SYN-SENT.
  local function sent_before_synack(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      local early = endpoint.opening.suspects
      while early ~= nil do
        if early.code == "HS024" or early.code == "TD019" then
          judge_early(ending, endpoint.side, peer, early)
        end
        early = early.before
      end
    end
  end

  -- core/rules/early.py:63: One of them.
  function judge_early(ending, side, peer, early)
    local phase = HANDSHAKE
    local kind = "early-segment"
    if early.code == "TD019" then
      phase = TEARDOWN
      kind = "early-fin"
    end
    local why = early.why
    local own = ending.connection.ends[side + 1]
    if why == "" and not own.got_syn and other_segments(own) > 0 then
      why = "third-party"
    end
    if why == "" then why = doubt_about_peer(ending, peer, early) end
    local first = first_syn_frame(peer)
    if why == "" then
      conclude(ending, phase, early.code, kind, VIOLATES, "", side, early.frame, first, early.number, -1)
    else
      leaves_open(ending, phase, early.code, kind, why, side, early.frame, first, early.number, -1)
    end
  end

  -- core/rules/early.py:83: Why 0 may have been right; "" when it cannot have been.
  function doubt_about_peer(ending, peer, early)
    local opening = peer.opening
    if not peer.iss_seen then
      if peer.segments > 0 then return "hole" end
      if not ran(ending, early.time, SETTLED) then return "capture-end" end
      return "one-way"
    end
    if opening.alone_frame == 0 and not opening.answer_good then return "hole" end
    if size(difference(peer.iss % MODULUS, 0)) <= FAR then return "order" end
    return ""
  end

  -- core/rules/early.py:99: Frame of the first SYN of this end, with ACK or without; 0 when there is none.
  function first_syn_frame(endpoint)
    local opening = endpoint.opening
    if opening.answer_frame == 0 or 0 < opening.alone_frame and opening.alone_frame < opening.answer_frame then
      return opening.alone_frame
    end
    return opening.answer_frame
  end

  -- core/rules/early.py:107: TD019: the responder closes before its SYN-ACK is acknowledged (RFC 9293 §3.10.4: SYN-
  -- RECEIVED may send FIN).
  local function fin_in_syn_received(arrival)
    local own = arrival.own
    if own.opening.answer_frame == 0 or own.opening.alone_frame > 0 or arrival.peer.opening.alone_frame == 0 then
      return
    end
    if own.syn_acked or own.closing.fin >= 0 or damaged(arrival) then return end
    if arrival.peer.segments > arrival.peer.opening.alone_copies then return end
    observed(arrival, TEARDOWN, "TD019", "in-syn-received", own.opening.answer_frame, arrival.length, -1)
  end

  core.rules.early = { keep_early = keep_early, early_excuse = early_excuse, sent_before_synack = sent_before_synack,
      judge_early = judge_early, doubt_about_peer = doubt_about_peer, first_syn_frame = first_syn_frame,
      fin_in_syn_received = fin_in_syn_received }
end

-- core/rules/handshake.py: HS: the opening. Rules that look at one segment; what needs the end of the connection is in
-- handshake_end.
do
  local from = core.evidence
  local NEAR_ANSWER, NEAR_ISN, damaged, has_hole = from.NEAR_ANSWER, from.NEAR_ISN, from.damaged, from.has_hole
  from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local HANDSHAKE, PSH, URG = from.HANDSHAKE, from.PSH, from.URG
  from = core.note
  local observed, undecided, violates = from.observed, from.undecided, from.violates
  from = core.offer
  local SACK = from.SACK
  from = core.sequence
  local difference, size = from.difference, from.size
  local answers_older, acknowledges_other, counted_twice, changed_syn
  local CHANGED_SOON = 64000000
  local TIMER_FLOOR = 900000
  local MOST_GAPS = 8
  local ECN_FLAGS = 0x1C0

  -- core/rules/handshake.py:19: HS001: an acknowledgment number without ACK, or PSH or URG, on the first SYN (RFC 9293
  -- §3.10.1).
  local function malformed_opening_syn(arrival)
    if arrival.own.opening.alone_frame > 0 or arrival.fin then return end
    if damaged(arrival) then
      if arrival.segment.ack > 0 then
        undecided(arrival, HANDSHAKE, "HS001", "ack-field-set", "third-party", 0, arrival.segment.ack, -1)
      end
      return
    end
    if arrival.segment.ack > 0 then
      observed(arrival, HANDSHAKE, "HS001", "ack-field-set", 0, arrival.segment.ack, -1)
    end
    if band(arrival.flags, PSH) ~= 0 or band(arrival.flags, URG) ~= 0 then
      observed(arrival, HANDSHAKE, "HS001", "push-or-urgent", 0, -1, -1)
    end
  end

  -- core/rules/handshake.py:33: HS002: the SYN-ACK acknowledges just below every captured SYN: a near miss (RFC 9293
  -- §3.10.7.2).
  local function synack_acks_wrong_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not peer.iss_seen or damaged(arrival) or peer.opening.alone_frame == 0 then
      return
    end
    local distance = arrival.ack - (peer.iss + 1)
    if 0 <= distance and distance <= peer.opening.length or acknowledges_other(arrival) then
      return
    end
    local frame = peer.opening.alone_frame
    if arrival.connection.removed_numbers and arrival.segment.seq == 0 and arrival.segment.ack == 0 then
      undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "third-party", frame, size(distance), -1)
    elseif -NEAR_ANSWER <= distance and distance < 0 then
      if answers_older(arrival) then
        undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "order", frame, size(distance), -1)
      else
        violates(arrival, HANDSHAKE, "HS002", "wrong-ack", frame, size(distance), -1)
      end
    elseif answers_older(arrival) then
      undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "order", frame, size(distance), -1)
    elseif own.segments > 0 and own.iss_seen then
      undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "third-party", frame, size(distance), -1)
    else
      undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "hole", frame, size(distance), -1)
    end
  end

  -- core/rules/handshake.py:58: The raw number lies in what an end of an earlier incarnation used; its beginning may
  -- not have been captured.
  local function used_before(number, low, high)
    return low >= 0 and difference(number, low) >= -NEAR_ISN and difference(number, high) <= 0
  end

  -- core/rules/handshake.py:63: The ack fits an earlier attempt on the pair: it may answer an old duplicate SYN, which
  -- is legal, or come late.
  function answers_older(arrival)
    for _, past in ipairs(arrival.connection.chain.past) do
      local low = past.low0
      local high = past.high0
      if arrival.side == 0 then
        low = past.low1
        high = past.high1
      end
      if used_before(arrival.segment.ack, low, high) then return true end
    end
    return false
  end

  -- core/rules/handshake.py:76: By both numbers the segment fits an earlier incarnation on the pair as well.
  local function speaks_of_older(arrival)
    for _, past in ipairs(arrival.connection.chain.past) do
      local low = past.low0
      local high = past.high0
      if arrival.side == 1 then
        low = past.low1
        high = past.high1
      end
      if used_before(arrival.segment.seq, low, high) and answers_older(arrival) then
        return true
      end
    end
    return false
  end

  -- core/rules/handshake.py:89: HS002, the other half: the initiator goes on after a SYN-ACK that did not acknowledge
  -- its SYN.
  local function accepted_wrong_number(arrival)
    local opening = arrival.peer.opening
    if arrival.own.got_syn or opening.answer_frame == 0 or opening.answer_good or not arrival.own.iss_seen then
      return
    end
    if arrival.ack == arrival.peer.iss + 1 and opening.answer_ack < arrival.own.iss + 1 then
      observed(arrival, HANDSHAKE, "HS002", "accepted", opening.answer_frame, -1, -1)
    end
  end

  -- core/rules/handshake.py:101: Of two SYNs with different numbers this segment acknowledges the second: a match with
  -- any will do.
  function acknowledges_other(arrival)
    local other = arrival.peer.opening.other_iss
    return other >= 0 and arrival.ack == other + 1
  end

  -- core/rules/handshake.py:107: HS005: the same SYN again, or an attempt with a new number after an unanswered one
  -- (RFC 9293 §3.10.8).
  local function syn_retransmission(arrival)
    local own = arrival.own
    local opening = own.opening
    local connection = arrival.connection
    if opening.alone_frame > 0 then
      if arrival.seq == own.iss and not own.got_syn and arrival.peer.opening.answer_frame == 0 then
        observed(arrival, HANDSHAKE, "HS005", "same-isn", opening.alone_frame, arrival.time - opening.alone_time, -1)
      end
    elseif connection.retry_of >= 0 and arrival.peer.segments == 0 then
      observed(arrival, HANDSHAKE, "HS005", "new-isn", 0, connection.retry_of, -1)
    end
  end

  -- core/rules/handshake.py:121: HS006: a second SYN-ACK to the same SYN begins elsewhere (RFC 9293 §3.10.8), or comes
  -- after the third step.
  local function synack_retransmission_changed(arrival)
    local own = arrival.own
    local opening = own.opening
    if opening.answer_frame == 0 or damaged(arrival) or counted_twice(own, arrival.seq) then
      return
    end
    if arrival.seq ~= own.iss then
      if arrival.ack ~= opening.answer_ack then return end
      local other_machine = arrival.segment.hop_limit ~= opening.hop_limit or arrival.segment.options.mss ~= opening.mss
      if arrival.segment.truncated then
        undecided(arrival, HANDSHAKE, "HS006", "changed-iss", "truncated", opening.answer_frame, -1, -1)
      elseif other_machine or arrival.segment.options.wscale ~= opening.wscale then
        observed(arrival, HANDSHAKE, "HS006", "other-responder", opening.answer_frame, -1, -1)
      elseif arrival.time - opening.answer_time >= CHANGED_SOON then
        undecided(arrival, HANDSHAKE, "HS006", "changed-iss", "order", opening.answer_frame, -1, -1)
      elseif has_hole(own) then
        undecided(arrival, HANDSHAKE, "HS006", "changed-iss", "hole", opening.answer_frame, -1, -1)
      else
        violates(arrival, HANDSHAKE, "HS006", "changed-iss", opening.answer_frame, -1, -1)
      end
    elseif arrival.peer.got_syn then
      observed(arrival, HANDSHAKE, "HS006", "after-third-step", opening.answer_frame, -1, -1)
    end
  end

  -- core/rules/handshake.py:145: This end has sent a bare SYN just below: HS015 judges it.
  function counted_twice(own, seq)
    return own.opening.alone_frame > 0 and seq == own.iss + 1
  end

  -- core/rules/handshake.py:150: Remember the distance to the copy before, for HS007.
  local function collect_gap(gaps, opening, frame, since)
    if opening.provoked then
      opening.provoked = false
      gaps[#gaps + 1] = -1
    else
      if #gaps == 0 then opening.gap_frame = frame end
      if #gaps < MOST_GAPS then
        gaps[#gaps + 1] = since
      end
    end
  end

  -- core/rules/handshake.py:162: Collect the gaps between timer-driven copies of a SYN; HS007 judges them when the
  -- connection ends.
  local function measure_syn_gap(arrival)
    local opening = arrival.own.opening
    if opening.alone_frame == 0 or arrival.seq ~= arrival.own.iss or arrival.own.got_syn then
      return
    end
    local same_packet = arrival.segment.ip_id > 0 and arrival.segment.ip_id == opening.ip_id and
        #arrival.segment.key == 12
    if same_packet or changed_syn(arrival) then opening.provoked = true end
    if arrival.connection.quote ~= nil or arrival.peer.segments > 0 then
      opening.provoked = true
    end
    collect_gap(opening.gaps, opening, arrival.frame, arrival.time - opening.alone_last_time)
  end

  -- core/rules/handshake.py:177: For HS007: a SYN-ACK that answers an older SYN is refused by RST, and the SYN sent
  -- again at once (Fig. 8).
  local function provokes_syn(arrival)
    if arrival.rst then
      arrival.own.opening.provoked = true
    elseif arrival.syn then
      arrival.peer.opening.provoked = true
    end
  end

  -- core/rules/handshake.py:185: For HS007: a challenge ACK draws a RST, and behind that the pending SYN is sent again
  -- at once (RFC 5961 §4).
  local function challenge_provokes_syn(arrival)
    local pending = arrival.connection.chain.pending
    if pending ~= nil then pending.ends[pending.first_side + 1].opening.provoked = true end
  end

  -- core/rules/handshake.py:192: This SYN differs from the first in payload or options: a fall-back, which may come at
  -- once.
  function changed_syn(arrival)
    local opening = arrival.own.opening
    local options = arrival.segment.options
    if arrival.length ~= opening.length or options.mss ~= opening.mss or options.wscale ~= opening.wscale then
      return true
    end
    if band(arrival.flags, ECN_FLAGS) ~= band(opening.flags, ECN_FLAGS) or options.tfo ~= opening.tfo then
      return true
    end
    return options.sackok ~= (band(opening.offers, SACK) ~= 0) or (arrival.segment.tsval < 0) ~= (opening.tsval < 0)
  end

  -- core/rules/handshake.py:203: The same for the SYN-ACK; one that a repeated SYN provoked is not timer driven.
  local function measure_synack_gap(arrival)
    local own = arrival.own
    local opening = own.opening
    local asker = arrival.peer.opening
    if opening.answer_frame == 0 or arrival.seq ~= own.iss or arrival.peer.got_syn then
      return
    end
    local same_packet = arrival.segment.ip_id > 0 and arrival.segment.ip_id == opening.ip_id and
        #arrival.segment.key == 12
    if same_packet or asker.alone_last_time > opening.answer_last_time then
      opening.provoked = true
    end
    collect_gap(opening.answer_gaps, opening, arrival.frame, arrival.time - opening.answer_last_time)
  end

  -- core/rules/handshake.py:218: HS019: payload on a SYN without fast open (RFC 9293 §3.10.7.3: legal, delivered only
  -- after the handshake).
  local function syn_with_data(arrival)
    if arrival.length == 0 or arrival.segment.options.tfo >= 0 or arrival.has_ack then
      return
    end
    if not arrival.segment.options.complete or not arrival.segment.length_known then
      undecided(arrival, HANDSHAKE, "HS019", "data", "truncated", 0, arrival.length, -1)
    elseif arrival.segment.padding then
      undecided(arrival, HANDSHAKE, "HS019", "data", "third-party", 0, arrival.length, -1)
    else
      observed(arrival, HANDSHAKE, "HS019", "data", 0, arrival.length, -1)
    end
  end

  -- core/rules/handshake.py:230: HS020: what a SYN or SYN-ACK says about fast open (RFC 7413 §3, §4.1.1, §4.2.1).
  local function fast_open(arrival)
    local segment = arrival.segment
    local cookie = segment.options.tfo
    if not arrival.has_ack then
      if cookie == 0 then
        observed(arrival, HANDSHAKE, "HS020", "request", 0, -1, -1)
      elseif cookie > 0 then
        observed(arrival, HANDSHAKE, "HS020", "use", 0, cookie, arrival.length)
      elseif segment.truncated and arrival.length > 0 then
        undecided(arrival, HANDSHAKE, "HS020", "use", "truncated", 0, -1, arrival.length)
      end
      return
    end
    local asker = arrival.peer
    if cookie > 0 then
      observed(arrival, HANDSHAKE, "HS020", "grant", asker.opening.alone_frame, cookie, -1)
    end
    if asker.iss_seen and asker.opening.tfo > 0 and asker.opening.length > 0 and answers_syn(arrival, asker) then
      local taken = arrival.ack - (asker.iss + 1)
      if taken > 0 then
        observed(arrival, HANDSHAKE, "HS020", "accepted", asker.opening.alone_frame, taken, -1)
      elseif asker.opening.alone_copies == 1 then
        observed(arrival, HANDSHAKE, "HS020", "ignored", asker.opening.alone_frame, asker.opening.length, -1)
      end
    end
  end

  -- core/rules/handshake.py:253: HS020: the responder sends data before the third step, which only accepted SYN data
  -- allows (RFC 7413 §3).
  local function early_response(arrival)
    local own = arrival.own
    local asker = arrival.peer
    if own.opening.answer_frame > 0 and own.opening.answer_good and not asker.got_syn and asker.opening.tfo > 0 then
      if own.opening.answer_ack > asker.iss + 1 then
        observed(arrival, HANDSHAKE, "HS020", "early-response", own.opening.answer_frame, arrival.length, -1)
      end
    end
  end

  -- core/rules/handshake.py:262: HS025: the segment that completes the handshake carries data or FIN (RFC 9293
  -- §3.10.7.3). Also notes the step.
  local function third_step(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local connection = arrival.connection
    if own.got_syn or not peer.iss_seen or arrival.syn then return end
    if arrival.ack < peer.iss + 1 and not acknowledges_other(arrival) then return end
    if own.opening.alone_frame == 0 or peer.opening.answer_frame == 0 then return end
    connection.third_frame = arrival.frame
    connection.third_time = arrival.time
    if not arrival.fin and arrival.length == 0 and not damaged(arrival) then
      peer.closing.begun = arrival.seq + 1
    end
    if arrival.length > 0 then
      observed(arrival, HANDSHAKE, "HS025", "data", peer.opening.answer_frame, arrival.length, -1)
    elseif arrival.fin then
      observed(arrival, HANDSHAKE, "HS025", "fin", peer.opening.answer_frame, -1, -1)
    end
  end

  core.rules.handshake = { CHANGED_SOON = CHANGED_SOON, TIMER_FLOOR = TIMER_FLOOR, MOST_GAPS = MOST_GAPS,
      ECN_FLAGS = ECN_FLAGS, malformed_opening_syn = malformed_opening_syn,
      synack_acks_wrong_number = synack_acks_wrong_number, used_before = used_before, answers_older = answers_older,
      speaks_of_older = speaks_of_older, accepted_wrong_number = accepted_wrong_number,
      acknowledges_other = acknowledges_other, syn_retransmission = syn_retransmission,
      synack_retransmission_changed = synack_retransmission_changed, counted_twice = counted_twice,
      collect_gap = collect_gap, measure_syn_gap = measure_syn_gap, provokes_syn = provokes_syn,
      challenge_provokes_syn = challenge_provokes_syn, changed_syn = changed_syn,
      measure_synack_gap = measure_synack_gap, syn_with_data = syn_with_data, fast_open = fast_open,
      early_response = early_response, third_step = third_step }
end

-- core/rules/negotiation.py: OP: what one SYN offers and the other answers: window scale, SACK, ECN.
do
  local from = core.evidence
  local ack_seen, continues, damaged, fits, hides_incarnation, reopened, reset_before, stranger = from.ack_seen,
      from.continues, from.damaged, from.fits, from.hides_incarnation, from.reopened, from.reset_before, from.stranger
  from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local AE, CWR, ECE, HANDSHAKE = from.AE, from.CWR, from.ECE, from.HANDSHAKE
  from = core.note
  local observed, phase_of_header, undecided = from.observed, from.phase_of_header, from.undecided
  from = core.offer
  local BROKEN, CUT, ECN, IDENTIFIED, NO_ECN, NO_SACK, NO_SCALE, SACK, SCALE, STAMPS, answers_copy = from.BROKEN,
      from.CUT, from.ECN, from.IDENTIFIED, from.NO_ECN, from.NO_SACK, from.NO_SCALE, from.SACK, from.SCALE, from.STAMPS,
      from.answers_copy
  from = core.rules.options
  local doubt, list_is_broken, report = from.doubt, from.list_is_broken, from.report
  local may_have_permitted

  -- core/rules/negotiation.py:31: The frame of this end's first SYN or SYN-ACK, 0 for none.
  local function syn_frame(endpoint)
    if endpoint.opening.alone_frame > 0 then return endpoint.opening.alone_frame end
    return endpoint.opening.answer_frame
  end

  -- core/rules/negotiation.py:38: Why the options of this end's SYNs are not known; "" when they are.
  local function unreadable(opening)
    if band(opening.offers, CUT) ~= 0 then return "truncated" end
    if band(opening.offers, BROKEN) ~= 0 then return "third-party" end
    return ""
  end

  -- core/rules/negotiation.py:47: Why the segment may be of another connection of the pair, whose SYN was not captured;
  -- "" when it is of this.
  local function elsewhere(arrival)
    local connection = arrival.connection
    if reset_before(connection) or reopened(connection) then return "order" end
    if arrival.seq <= arrival.own.iss or arrival.ack <= arrival.peer.iss then
      return "order"
    end
    if hides_incarnation(arrival.own) or hides_incarnation(arrival.peer) then
      return "hole"
    end
    if not fits(arrival) or not ack_seen(arrival) or not continues(arrival, arrival.own.nxt) then
      return "hole"
    end
    return ""
  end

  -- core/rules/negotiation.py:61: By the timestamp that it echoes, this SYN-ACK answers a copy of the SYN that was not
  -- captured.
  local function answers_another(arrival)
    return arrival.segment.tsecr > 0 and not answers_copy(arrival)
  end

  -- core/rules/negotiation.py:66: OP006: a SYN-ACK with window scale, though no SYN offered it (RFC 7323 §2.2).
  local function unoffered_window_scale(arrival)
    local asker = arrival.peer
    local offers = asker.opening.offers
    if arrival.segment.options.wscale < 0 or arrival.own.opening.alone_frame > 0 or list_is_broken(arrival) then
      return
    end
    if not asker.iss_seen or not answers_syn(arrival, asker) or band(offers, NO_SCALE) == 0 then
      return
    end
    local why = unreadable(asker.opening)
    if why == "" and band(offers, SCALE) ~= 0 then
      why = "order"
    elseif why == "" and damaged(arrival) then
      why = "third-party"
    elseif why == "" and arrival.segment.truncated then
      why = "truncated"
    elseif why == "" and answers_another(arrival) then
      why = "hole"
    end
    report(arrival, "OP006", "not-offered", why, syn_frame(asker), arrival.segment.options.wscale, -1)
  end

  -- core/rules/negotiation.py:86: OP010: SACK blocks on a SYN, before anything can have been permitted or lost (RFC
  -- 2018 §4).
  local function sack_on_syn(arrival)
    local blocks = floor(#arrival.segment.options.sack / 2)
    if blocks > 0 and not list_is_broken(arrival) then
      report(arrival, "OP010", "on-syn", doubt(arrival), 0, blocks, -1)
    end
  end

  -- core/rules/negotiation.py:93: OP010: SACK blocks to a peer whose SYN did not permit them (RFC 2018 §4).
  local function unpermitted_sack(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local offers = peer.opening.offers
    local blocks = floor(#arrival.segment.options.sack / 2)
    if blocks == 0 or arrival.rst or not arrival.has_ack or list_is_broken(arrival) then
      return
    end
    if band(offers, SACK) ~= 0 and band(offers, NO_SACK) == 0 then return end
    local why = unreadable(peer.opening)
    if not peer.iss_seen or not own.iss_seen then
      why = "mid-stream"
    elseif why == "" and band(offers, SACK) ~= 0 then
      why = "order"
    elseif why == "" and (damaged(arrival) or stranger(arrival)) then
      why = "third-party"
    elseif why == "" and arrival.segment.truncated then
      why = "truncated"
    elseif why == "" and may_have_permitted(own.opening, peer.opening) then
      why = "hole"
    elseif why == "" then
      why = elsewhere(arrival)
    end
    report(arrival, "OP010", "not-permitted", why, syn_frame(peer), blocks, -1)
  end

  -- core/rules/negotiation.py:119: A SYN that permitted SACK may have come first, to be repeated without options, and
  -- be missing in the capture.
  function may_have_permitted(answerer, asker)
    if asker.alone_frame == 0 or answerer.answer_frame == 0 or band(answerer.offers, IDENTIFIED) ~= 0 then
      return false
    end
    if band(answerer.offers, SACK) ~= 0 or (band(answerer.offers, STAMPS) ~= 0 and band(asker.offers, STAMPS) ~= 0) then
      return true
    end
    return band(asker.offers, SCALE) == 0 and band(asker.offers, STAMPS) == 0
  end

  -- core/rules/negotiation.py:132: AE, CWR, ECE as one number of three bits, in this order (RFC 9768 §3.1).
  local function ecn_bits(flags)
    local bits = 0
    if band(flags, ECE) ~= 0 then bits = 1 end
    if band(flags, CWR) ~= 0 then bits = bits + 2 end
    if band(flags, AE) ~= 0 then bits = bits + 4 end
    return bits
  end

  -- core/rules/negotiation.py:144: OP020: a SYN with only one of ECE and CWR is no ECN-setup SYN; it should have
  -- neither (RFC 3168 §6.1.1).
  local function half_ecn_setup(arrival)
    local bits = ecn_bits(arrival.flags)
    if (bits == 1 or bits == 2) and not damaged(arrival) then
      observed(arrival, HANDSHAKE, "OP020", "half-setup", 0, bits, -1)
    end
  end

  -- core/rules/negotiation.py:151: OP020: a SYN or SYN-ACK in a packet marked ECN-capable (RFC 3168 §6.1.1; later
  -- experiments allow it).
  local function ecn_capable_syn(arrival)
    if arrival.segment.ecn > 0 and not damaged(arrival) then
      observed(arrival, HANDSHAKE, "OP020", "ecn-capable", 0, arrival.segment.ecn, -1)
    end
  end

  -- core/rules/negotiation.py:157: OP020: an ECN-setup SYN-ACK in reply to a SYN that did not ask for ECN (RFC 3168
  -- §6.1.1).
  local function unrequested_ecn(arrival)
    local asker = arrival.peer
    local offers = asker.opening.offers
    if ecn_bits(arrival.flags) ~= 1 then return end
    if not asker.iss_seen then
      undecided(arrival, phase_of_header(arrival), "OP020", "not-requested", "mid-stream", 0, 1, -1)
      return
    end
    if band(offers, NO_ECN) == 0 or not answers_syn(arrival, asker) or asker.opening.alone_frame == 0 then
      return
    end
    local why = doubt(arrival)
    if why == "" and band(offers, ECN) ~= 0 then
      why = "order"
    elseif why == "" and not answers_copy(arrival) then
      why = "hole"
    end
    report(arrival, "OP020", "not-requested", why, syn_frame(asker), 1, -1)
  end

  core.rules.negotiation = { syn_frame = syn_frame, unreadable = unreadable, elsewhere = elsewhere,
      answers_another = answers_another, unoffered_window_scale = unoffered_window_scale, sack_on_syn = sack_on_syn,
      unpermitted_sack = unpermitted_sack, may_have_permitted = may_have_permitted, ecn_bits = ecn_bits,
      half_ecn_setup = half_ecn_setup, ecn_capable_syn = ecn_capable_syn, unrequested_ecn = unrequested_ecn }
end

-- core/rules/reset_number.py: RS003, RS006, RS017: the numbers of a RST, beyond what is a fault of its own (RS001,
-- RS005).
do
  local from = core.evidence
  local NEAR_FIN, both_syns, closed, damaged, fits, has_hole, reopened, stranger, synchronised = from.NEAR_FIN,
      from.both_syns, from.closed, from.damaged, from.fits, from.has_hole, from.reopened, from.stranger,
      from.synchronised
  from = core.incarnation
  local is_delayed = from.is_delayed
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, SIDE_UNKNOWN, TEARDOWN, VIOLATES = from.HANDSHAKE, from.INCONCLUSIVE,
      from.SIDE_UNKNOWN, from.TEARDOWN, from.VIOLATES
  from = core.note
  local add, observed, spoke, undecided, violates = from.add, from.observed, from.spoke, from.undecided, from.violates
  from = core.sequence
  local between, size = from.between, from.size
  local outside_excuse, may_acknowledge_unseen, near_zero, ack_excuse, report_ack
  local NEAR_REPLY = 16

  -- core/rules/reset_number.py:16: RS003: a RST in answer to a segment with ACK stands just beside that ack (RFC 9293
  -- §3.5.2: SEQ = SEG.ACK).
  local function reset_reply_wrong_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.segments > own.closing.rst_count or peer.ackmax < 0 or peer.ackmax ~= peer.last_ack or damaged(arrival) then
      return
    end
    if own.nxt ~= peer.ackmax or own.first < own.nxt - 1 then return end
    local away = arrival.seq - peer.last_ack
    if away == 0 or size(away) > NEAR_REPLY or arrival.seq == own.iss or arrival.connection.removed_numbers then
      return
    end
    if arrival.has_ack then
      if arrival.segment.seq ~= 0 then
        undecided(arrival, HANDSHAKE, "RS003", "wrong-seq", "hole", peer.last_frame, size(away), -1)
      end
    elseif peer.opening.alone_frame > 0 then
      undecided(arrival, HANDSHAKE, "RS003", "wrong-seq", "hole", peer.last_frame, size(away), -1)
    else
      violates(arrival, HANDSHAKE, "RS003", "wrong-seq", peer.last_frame, size(away), -1)
    end
  end

  -- core/rules/reset_number.py:40: RS006: a RST that nobody has to obey: below the stream of its sender or above the
  -- window (RFC 9293 §3.10.7.4).
  local function reset_outside_window(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.nxt < 0 or damaged(arrival) or spoke(arrival, "RS005") ~= nil then return end
    if not synchronised(own) or not synchronised(peer) then return end
    local lowest = own.iss
    if lowest < 0 then lowest = own.first - 1 end
    local highest = own.nxt + peer.wmax
    if between(lowest, arrival.seq, highest) then return end
    local away = lowest - arrival.seq
    if arrival.seq > highest then away = arrival.seq - highest end
    local why = outside_excuse(arrival)
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, TEARDOWN, "RS006", "outside", verdict, why, SIDE_UNKNOWN, own.last_frame, away, -1)
  end

  -- core/rules/reset_number.py:64: What else than a guess could have sent a RST there; "" for nothing.
  function outside_excuse(arrival)
    local connection = arrival.connection
    if not both_syns(connection) then return "mid-stream" end
    if connection.truncated then return "truncated" end
    if connection.removed_numbers then return "third-party" end
    if has_hole(arrival.own) or has_hole(arrival.peer) then return "hole" end
    if #connection.chain.past > 0 or closed(connection, arrival.time) or reopened(connection) then
      return "order"
    end
    if arrival.has_ack and arrival.segment.seq == 0 then return "hole" end
    return ""
  end

  -- core/rules/reset_number.py:82: RS017: the ack of a RST, where it counts (RFC 9293 §3.1), is one that its receiver
  -- can have sent reason for.
  local function reset_wrong_ack_field(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not arrival.has_ack then
      if arrival.segment.ack > 0 and not damaged(arrival) then
        observed(arrival, TEARDOWN, "RS017", "ack-without-flag", 0, -1, -1)
      end
      return
    end
    if damaged(arrival) or peer.nxt < 0 or arrival.segment.ack < 0 or spoke(arrival, "RS005") ~= nil then
      return
    end
    if not synchronised(own) or not synchronised(peer) or spoke(arrival, "RS006") ~= nil then
      return
    end
    local beyond = arrival.ack - peer.nxt
    if arrival.segment.ack == 0 and not near_zero(peer, own.wmax) then
      report_ack(arrival, "ack-zero", ack_excuse(arrival), -1)
    elseif beyond > 0 then
      local why = ack_excuse(arrival)
      if why == "" and not fits(arrival) then why = "third-party" end
      if why == "" and may_acknowledge_unseen(arrival, beyond) then why = "hole" end
      report_ack(arrival, "ack-beyond", why, beyond)
    end
  end

  -- core/rules/reset_number.py:106: The capture may have missed what such an ack acknowledges: the FIN, or data that
  -- the own window had room for.
  function may_acknowledge_unseen(arrival, beyond)
    local own = arrival.own
    local peer = arrival.peer
    if has_hole(peer) then return true end
    if peer.closing.fin >= 0 then return beyond > NEAR_FIN end
    return beyond == 1 or (beyond > NEAR_REPLY and own.ackmax >= 0 and arrival.ack <= own.ackmax + own.wmax)
  end

  -- core/rules/reset_number.py:120: The number 0 is one of this end's own, or lies within `reach` of them.
  function near_zero(endpoint, reach)
    local low = endpoint.first - reach
    local high = endpoint.nxt + reach
    return floor(low / 4294967296) ~= floor(high / 4294967296) or low % 4294967296 == 0
  end

  -- core/rules/reset_number.py:127: What else could explain that ack; "" for nothing.
  function ack_excuse(arrival)
    local connection = arrival.connection
    if not both_syns(connection) then return "mid-stream" end
    if connection.removed_numbers or stranger(arrival) then return "third-party" end
    if is_delayed(arrival, connection.chain) or closed(connection, arrival.time) or reopened(connection) then
      return "order"
    end
    if arrival.segment.seq == 0 then return "hole" end
    return ""
  end

  -- core/rules/reset_number.py:141: RS017, decided or not.
  function report_ack(arrival, kind, why, beyond)
    if why == "" then
      violates(arrival, TEARDOWN, "RS017", kind, arrival.peer.last_frame, beyond, -1)
    else
      undecided(arrival, TEARDOWN, "RS017", kind, why, arrival.peer.last_frame, beyond, -1)
    end
  end

  core.rules.reset_number = { NEAR_REPLY = NEAR_REPLY, reset_reply_wrong_number = reset_reply_wrong_number,
      reset_outside_window = reset_outside_window, outside_excuse = outside_excuse,
      reset_wrong_ack_field = reset_wrong_ack_field, may_acknowledge_unseen = may_acknowledge_unseen,
      near_zero = near_zero, ack_excuse = ack_excuse, report_ack = report_ack }
end

-- core/calm_open.py: The short path through an opening: a SYN-ACK that answers an ordinary lone SYN, and the third step
-- behind it.
do
  local from = core.aggregate_host
  local both_heard = from.both_heard
  from = core.census
  local know_answer, know_full_answer = from.know_answer, from.know_full_answer
  from = core.connection
  local Chain, Connection = from.Chain, from.Connection
  from = core.duplicate
  local is_met, keep, original, remember = from.is_met, from.keep, from.original, from.remember
  from = core.learn
  local multiplier_of = from.multiplier_of
  from = core.lone
  local has_common_options, number_of, time_of = from.has_common_options, from.number_of, from.time_of
  from = core.model
  local CHECKSUM_UNKNOWN, ESTABLISHED, SYN, SYN_RECEIVED, SYN_SENT = from.CHECKSUM_UNKNOWN, from.ESTABLISHED, from.SYN,
      from.SYN_RECEIVED, from.SYN_SENT
  from = core.offer
  local IDENTIFIED, NO_ACCURATE, NO_ECN, NO_MULTIPATH, NO_SACK, NO_SCALE, NO_SIGNED, NO_STAMPS, SACK, SCALE, STAMPS,
      learn_use = from.IDENTIFIED, from.NO_ACCURATE, from.NO_ECN, from.NO_MULTIPATH, from.NO_SACK, from.NO_SCALE,
      from.NO_SIGNED, from.NO_STAMPS, from.SACK, from.SCALE, from.STAMPS, from.learn_use
  from = core.registry
  local CLOSED_KEPT, link = from.CLOSED_KEPT, from.link
  from = core.rules.cookie
  local sender_of = from.sender_of
  from = core.rules.numbers
  local compare_numbers = from.compare_numbers
  from = core.sequence
  local MODULUS, larger = from.MODULUS, from.larger
  from = core.tell
  local note, tell_ack = from.note, from.tell_ack
  local write_asker, write_answerer, common_offer, judge_numbers
  local SYN_ACK = 0x012
  local PLAIN_ACK = 0x010
  local FRAMES = 262144
  local BOTH_SYNS = 3

  -- core/calm_open.py:48: The second step, to the lone SYN `packed` of `reverse`. False when it needs a closer look.
  local function open_by_answer(engine, segment, reverse, packed)
    local options = segment.options
    if segment.flags ~= SYN_ACK or segment.length ~= 0 or segment.urgent ~= 0 or segment.ecn ~= 0 or
        segment.seq == 0 then
      return false
    end
    if segment.checksum_state ~= CHECKSUM_UNKNOWN or segment.truncated or segment.offload or
        not segment.header_valid then
      return false
    end
    if not has_common_options(options) or (options.wscale < 0 and not options.sackok and segment.tsval < 0) then
      return false
    end
    local iss = floor(packed[3] / FRAMES)
    local asked_scale = packed[4] % 16 - 1
    local asked_stamp = floor(packed[4] / 1048576) - 1
    local since = time_of(packed)
    local time = segment.time
    if segment.ack ~= (iss + 1) % MODULUS or packed[2] % 2 == 1 or packed[3] % 4 ~= 0 then
      return false
    end
    if time < since or time - since > CLOSED_KEPT or time < engine.now then return false end
    if options.wscale >= 0 and asked_scale < 0 then return false end
    if segment.tsval >= 0 and (asked_stamp <= 0 or segment.tsecr ~= asked_stamp) then
      return false
    end
    local census = engine.census
    if census.answers[segment.seq] ~= nil or original(engine.recent, segment) ~= nil then
      return false
    end
    if engine.open_count >= engine.settings.max_connections then return false end
    local number = number_of(packed)
    keep(engine.recent, segment)
    know_answer(census, segment, number)
    know_full_answer(census, sender_of(segment.key), segment.frame)
    engine.lone[reverse] = nil
    engine.lone_count = engine.lone_count - 1
    local chain = Chain(reverse, segment.key)
    local connection = Connection(number, chain, engine.settings.outside_words)
    connection.breaks = engine.clock_breaks
    if engine.break_time >= since then connection.breaks = connection.breaks - 1 end
    chain.current = connection
    chain.fresh = true
    engine.chains[reverse] = chain
    engine.chains[segment.key] = chain
    link(engine, connection)
    write_asker(connection, packed, iss, asked_scale, asked_stamp)
    write_answerer(connection, segment)
    engine.both_ways_seen = true
    both_heard(engine, reverse)
    local step = engine.step
    step.findings = {}
    step.connection = number
    step.side = 1
    step.name = "handshake-2"
    step.again = false
    step.state0 = SYN_SENT
    step.state1 = SYN_RECEIVED
    step.seq = 0
    step.ack = 1
    return true
  end

  -- core/calm_open.py:108: The facts of the lone SYN, whose sender is end 0.
  function write_asker(connection, packed, iss, scale, stamp)
    local frame = floor(packed[2] / FRAMES)
    local time = time_of(packed)
    local first = MODULUS + iss
    local own = connection.ends[1]
    local opening = own.opening
    opening.alone_frame = frame
    opening.alone_time = time
    opening.alone_last_frame = frame
    opening.alone_last_time = time
    opening.alone_copies = 1
    opening.flags = SYN
    opening.mss = floor(packed[4] / 16) % 65536
    if opening.mss == 65535 then opening.mss = -1 end
    opening.wscale = scale
    opening.multiplier = multiplier_of(scale)
    opening.window = floor(packed[3] / 4) % 65536
    opening.tsval = stamp
    opening.hop_limit = packed[1] % 256
    opening.ip_id = packed[5] % 131072 - 1
    opening.offers = common_offer(scale, floor(packed[2] / 2) % 2 == 1, stamp) + NO_ECN + NO_ACCURATE
    own.iss = first
    own.iss_seen = true
    own.first = first
    own.nxt = first + 1
    own.seen = first + 1
    own.wmax = opening.window
    own.syn_sent = true
    own.syn_acked = true
    own.segments = 1
    own.last_frame = frame
    own.last_time = time
    own.tsval = stamp
    own.state = SYN_SENT
    connection.first_frame = frame
    connection.first_time = time
    note(connection, 0, SYN, iss, 0, 0, opening.window, 0)
  end

  -- core/calm_open.py:149: The facts of its answer, whose sender is end 1.
  function write_answerer(connection, segment)
    local frame = segment.frame
    local time = segment.time
    local options = segment.options
    local peer = connection.ends[1]
    local first = MODULUS + segment.seq
    local own = connection.ends[2]
    local opening = own.opening
    opening.answer_frame = frame
    opening.answer_time = time
    opening.answer_last_frame = frame
    opening.answer_last_time = time
    opening.answer_copies = 1
    opening.answer_ack = peer.nxt
    opening.answer_good = true
    opening.flags = SYN_ACK
    opening.mss = options.mss
    opening.wscale = options.wscale
    opening.multiplier = multiplier_of(options.wscale)
    opening.window = segment.window
    opening.tsval = segment.tsval
    opening.hop_limit = segment.hop_limit
    opening.ip_id = segment.ip_id
    opening.offers = common_offer(options.wscale, options.sackok, segment.tsval)
    own.tsval = segment.tsval
    if segment.tsval >= 0 then
      opening.offers = opening.offers + IDENTIFIED
    else
      peer.tsval = -1
    end
    own.iss = first
    own.iss_seen = true
    own.first = first
    own.nxt = first + 1
    own.seen = first + 1
    own.ackmax = peer.nxt
    own.last_ack = peer.nxt
    own.wmax = segment.window
    own.syn_sent = true
    own.got_syn = true
    own.segments = 1
    own.last_frame = frame
    own.last_time = time
    own.state = SYN_RECEIVED
    connection.last_frame = frame
    connection.last_time = time
    connection.segments = 2
    connection.removed_numbers = false
    connection.completeness = BOTH_SYNS
    note(connection, 1, SYN_ACK, segment.seq, segment.ack, 0, segment.window, 0)
  end

  -- core/calm_open.py:201: The bits of core/offer for a SYN or SYN-ACK with none but the common options.
  function common_offer(scale, sack, stamp)
    local bits = NO_MULTIPATH + NO_SIGNED
    if scale >= 0 then
      bits = bits + SCALE
    else
      bits = bits + NO_SCALE
    end
    if sack then
      bits = bits + SACK
    else
      bits = bits + NO_SACK
    end
    if stamp >= 0 then
      bits = bits + STAMPS
    else
      bits = bits + NO_STAMPS
    end
    return bits
  end

  -- core/calm_open.py:219: The third step, behind a second that took the short path. False when it needs a closer look.
  local function complete_opening(engine, chain, connection, frame, time, key, seq, ack, window, hop_limit, tsval,
      tsecr, mark, seen)
    local own = connection.ends[1]
    local peer = connection.ends[2]
    local opening = own.opening
    if key ~= chain.key or seq ~= own.nxt % MODULUS or ack ~= peer.nxt % MODULUS or window == 0 then
      return false
    end
    if time < engine.now or time - connection.last_time > CLOSED_KEPT or hop_limit ~= opening.hop_limit then
      return false
    end
    if tsval < own.tsval or (own.tsval < 0 and tsval >= 0) then return false end
    if tsval >= 0 and tsecr ~= peer.opening.tsval then return false end
    if connection.quote ~= nil or is_met(engine.recent, mark) then return false end
    remember(engine.recent, mark, seen)
    connection.third_frame = frame
    connection.third_time = time
    peer.closing.begun = own.nxt + 1
    judge_numbers(engine, frame, connection, own, peer)
    tell_ack(connection, own, PLAIN_ACK, seq, ack, window)
    learn_use(own, tsval)
    own.tsval = tsval
    own.got_syn = true
    peer.syn_acked = true
    own.ackmax = peer.nxt
    own.last_ack = peer.nxt
    own.moved = true
    own.raw_window = window
    if opening.wscale < 0 or peer.opening.wscale < 0 then
      opening.multiplier = 1
      peer.opening.multiplier = 1
    end
    own.wmax = larger(own.wmax, window * opening.multiplier)
    own.segments = 2
    own.last_frame = frame
    own.last_time = time
    own.state = ESTABLISHED
    peer.state = ESTABLISHED
    connection.segments = 3
    connection.last_frame = frame
    connection.last_time = time
    connection.calm = true
    connection.orderly = true
    engine.census.plain_seen = true
    chain.fresh = false
    local step = engine.step
    step.findings = engine.arrival.fresh
    step.connection = connection.number
    step.side = 0
    step.name = "handshake-3"
    step.again = false
    step.state0 = ESTABLISHED
    step.state1 = ESTABLISHED
    step.seq = 1
    step.ack = 1
    return true
  end

  -- core/calm_open.py:282: Ask the rules about initial numbers, which look at more than one connection.
  function judge_numbers(engine, frame, connection, own, peer)
    local arrival = engine.arrival
    arrival.frame = frame
    arrival.connection = connection
    arrival.side = 0
    arrival.own = own
    arrival.peer = peer
    arrival.fired = {}
    arrival.fresh = {}
    compare_numbers(arrival)
  end

  core.calm_open = { SYN_ACK = SYN_ACK, PLAIN_ACK = PLAIN_ACK, FRAMES = FRAMES, BOTH_SYNS = BOTH_SYNS,
      open_by_answer = open_by_answer, write_asker = write_asker, write_answerer = write_answerer,
      common_offer = common_offer, complete_opening = complete_opening, judge_numbers = judge_numbers }
end

-- core/rules/crossing.py: HS015, HS016 and HS018: openings that meet something unexpected: another SYN, an old one, a
-- connection that lives.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.distance
  local near = from.near
  from = core.evidence
  local NEAR_ISN, damaged, reopened, reset_before, stranger = from.NEAR_ISN, from.damaged, from.reopened,
      from.reset_before, from.stranger
  from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, OBSERVED, VIOLATES, Finding = from.HANDSHAKE, from.INCONCLUSIVE, from.OBSERVED,
      from.VIOLATES, from.Finding
  from = core.note
  local add, conclude, fired, known, leaves_open, notes, observed, said_before, spoke = from.add, from.conclude,
      from.fired, from.known, from.leaves_open, from.notes, from.observed, from.said_before, from.spoke
  from = core.sequence
  local between, size = from.between, from.size
  from = core.rules.handshake
  local answers_older = from.answers_older
  local wrong, keep_crossing, doubt_about_crossing, judge_counted_twice, found

  -- core/rules/crossing.py:13: HS015: the SYN-ACK of an end that has sent a SYN repeats the number of that SYN (RFC
  -- 9293 §3.10.7.3 step 4).
  local function simultaneous_open_wrong_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if damaged(arrival) or own.iss < 0 then return end
    if own.opening.alone_frame == 0 then
      if not own.iss_seen and arrival.seq == own.iss + 1 and peer.opening.alone_frame > 0 then
        wrong(arrival, "wrong-seq", "hole", 0, 1)
      end
      return
    end
    if arrival.seq == own.iss + 1 then
      keep_crossing(arrival)
    end
    local named = spoke(arrival, "HS002")
    if named ~= nil and named.kind == "wrong-ack" and between(own.iss, arrival.seq, own.iss + 1) then
      local away = arrival.ack - (peer.iss + 1)
      local why = named.why
      if between(1, away, NEAR_ISN) then why = "hole" end
      wrong(arrival, "wrong-ack", why, peer.opening.alone_frame, size(away))
    end
  end

  -- core/rules/crossing.py:38: HS015, decided or not.
  function wrong(arrival, kind, why, related, away)
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, HANDSHAKE, "HS015", kind, verdict, why, arrival.side, related, away, -1)
  end

  -- core/rules/crossing.py:46: Remember the first SYN-ACK one above the SYN of its sender; the peer's own SYN-ACK tells
  -- whether it is wrong.
  function keep_crossing(arrival)
    local opening = arrival.own.opening
    local one = opening.suspects
    while one ~= nil do
      if one.code == "HS015" and one.why == "" then return end
      one = one.before
    end
    opening.suspects = Suspect("HS015", arrival.frame, arrival.time, doubt_about_crossing(arrival), opening.suspects)
    opening.suspects.number = arrival.seq
  end

  -- core/rules/crossing.py:58: Why that SYN-ACK may begin another connection; "" when nothing in it, or before it, says
  -- so.
  function doubt_about_crossing(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local connection = arrival.connection
    if connection.removed_numbers or stranger(arrival) then return "third-party" end
    if own.opening.other_iss >= 0 or reset_before(connection) or reopened(connection) or answers_older(arrival) then
      return "order"
    end
    if peer.opening.alone_frame == 0 or not answers_syn(arrival, peer) then
      return "hole"
    end
    return ""
  end

  -- core/rules/crossing.py:72: HS015: the peer had answered the SYN of this end, so the two SYNs are those of one and
  -- the same opening.
  local function crossing_counted_twice(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      local frame = endpoint.opening.alone_frame
      local one = endpoint.opening.suspects
      while one ~= nil do
        if one.code == "HS015" then
          judge_counted_twice(ending, endpoint, peer, one, frame)
        end
        one = one.before
      end
    end
  end

  -- core/rules/crossing.py:84: One SYN-ACK that stands one too high; `frame`: the bare SYN of its sender.
  function judge_counted_twice(ending, endpoint, peer, one, frame)
    local why = one.why
    if why == "" and (peer.opening.answer_frame == 0 or peer.opening.answer_ack ~= one.number) then
      why = "hole"
    end
    if why == "" then
      conclude(ending, HANDSHAKE, "HS015", "wrong-seq", VIOLATES, "", endpoint.side, one.frame, frame, 1, -1)
    else
      leaves_open(ending, HANDSHAKE, "HS015", "wrong-seq", why, endpoint.side, one.frame, frame, 1, -1)
    end
  end

  -- core/rules/crossing.py:95: HS018: a RST at the number of a challenge ACK ends the old connection (RFC 9293 §3.5.1
  -- Fig. 9, RFC 5961 §4.2).
  local function half_open_recovery(arrival)
    local connection = arrival.connection
    local pending = connection.chain.pending
    if pending == nil or pending.number == connection.number or arrival.seq ~= arrival.peer.last_ack then
      return
    end
    local asked = pending.ends[arrival.side + 1].opening
    if asked.alone_frame == 0 then return end
    local answerer = arrival.peer.side
    local challenge = said_before(arrival, "RS020", "challenge-ack", answerer)
    if challenge == nil then
      challenge = known(connection.findings, "RS020", "challenge-ack", INCONCLUSIVE, "mid-stream", answerer)
      if challenge ~= nil then
        found(arrival, INCONCLUSIVE, "mid-stream", challenge.last_frame)
      end
      return
    end
    found(arrival, OBSERVED, "", challenge.last_frame)
    if known(pending.findings, "HS018", "challenged", OBSERVED, "", arrival.side) == nil then
      local mark = Finding("HS018", "challenged", OBSERVED, arrival.side, asked.alone_frame)
      mark.related[#mark.related + 1] = challenge.last_frame
      mark.phase = HANDSHAKE
      pending.findings[#pending.findings + 1] = mark
    end
  end

  -- core/rules/crossing.py:122: HS018 about the end that had sent the SYN and resets.
  function found(arrival, verdict, why, related)
    add(arrival, HANDSHAKE, "HS018", "discovered", verdict, why, arrival.side, related, -1, -1)
  end

  -- core/rules/crossing.py:127: HS018 not decided: a SYN meets a bare ACK with quite other numbers. The old connection
  -- was never captured.
  local function unexpected_ack_to_syn(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if peer.opening.alone_frame == 0 or own.segments > 0 or peer.ackmax >= 0 or arrival.length > 0 or arrival.fin then
      return
    end
    local connection = arrival.connection
    if damaged(arrival) or connection.removed_numbers or #connection.chain.past > 0 then
      return
    end
    if size(arrival.ack - peer.nxt) > NEAR_ISN then
      local frame = peer.opening.alone_last_frame
      add(arrival, HANDSHAKE, "HS018", "discovered", INCONCLUSIVE, "mid-stream", peer.side, frame, -1, -1)
    end
  end

  -- core/rules/crossing.py:141: For HS016: a SYN-ACK that acknowledges none of its peer's captured SYNs, and is no near
  -- miss (HS002).
  local function keep_unacceptable_synack(arrival)
    local own = arrival.own
    local asker = arrival.peer
    if asker.opening.alone_frame == 0 or asker.got_syn or damaged(arrival) or answers_syn(arrival, asker) then
      return
    end
    if fired(arrival, "HS002") or arrival.connection.removed_numbers then return end
    local one = own.opening.suspects
    while one ~= nil do
      if one.code == "HS016" and one.number == arrival.segment.ack then
        one.copies = one.copies + 1
        return
      end
      one = one.before
    end
    own.opening.suspects = Suspect("HS016", arrival.frame, arrival.time, "", own.opening.suspects)
    own.opening.suspects.number = arrival.segment.ack
  end

  -- core/rules/crossing.py:159: HS016: the initiator resets a SYN-ACK that answers another SYN than its own (RFC 9293
  -- §3.5 Fig. 8).
  local function old_duplicate_syn(arrival)
    if arrival.own.opening.alone_frame == 0 or arrival.has_ack or damaged(arrival) then
      return
    end
    local one = arrival.peer.opening.suspects
    while one ~= nil do
      if one.code == "HS016" and one.number == arrival.segment.seq then
        one.proof = arrival.frame
        observed(arrival, HANDSHAKE, "HS016", "recovered", one.frame, -1, -1)
      end
      one = one.before
    end
  end

  -- core/rules/crossing.py:171: HS016: such a SYN-ACK is repeated, so no RST has met it. One that was lost, or dropped,
  -- leaves no trace here.
  local function unrefused_synack(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local asker = ending.connection.ends[2 - endpoint.side]
      local frame = asker.opening.alone_frame
      local one = endpoint.opening.suspects
      while one ~= nil do
        if one.code == "HS016" and one.proof == 0 and one.copies > 1 then
          if near(ending.connection, asker.side) then
            notes(ending, HANDSHAKE, "HS016", "not-refused", asker.side, one.frame, frame, one.copies, -1)
          else
            local why = "far-tap"
            leaves_open(ending, HANDSHAKE, "HS016", "not-refused", why, asker.side, one.frame, frame, one.copies, -1)
          end
        end
        one = one.before
      end
    end
  end

  core.rules.crossing = { simultaneous_open_wrong_number = simultaneous_open_wrong_number, wrong = wrong,
      keep_crossing = keep_crossing, doubt_about_crossing = doubt_about_crossing,
      crossing_counted_twice = crossing_counted_twice, judge_counted_twice = judge_counted_twice,
      half_open_recovery = half_open_recovery, found = found, unexpected_ack_to_syn = unexpected_ack_to_syn,
      keep_unacceptable_synack = keep_unacceptable_synack, old_duplicate_syn = old_duplicate_syn,
      unrefused_synack = unrefused_synack }
end

-- core/rules/handshake_end.py: HS: what can be said of the opening only when the connection, or the capture, has ended.
do
  local from = core.distance
  local leg = from.leg
  from = core.evidence
  local SLACK = from.SLACK
  from = core.model
  local HANDSHAKE, VIOLATES = from.HANDSHAKE, from.VIOLATES
  from = core.note
  local conclude, leaves_open, notes, ran = from.conclude, from.leaves_open, from.notes, from.ran
  from = core.outcome
  local SETTLED, is_hard, other_segments = from.SETTLED, from.is_hard, from.other_segments
  from = core.rules.handshake
  local TIMER_FLOOR = from.TIMER_FLOOR
  local provoked_unseen, judge_gaps, awaits_copy
  local DOUBLED = 200000
  local SURELY_EARLY = 600000
  local GROWTH = 60000000
  local LINEAR_LOW = 900000
  local LINEAR_HIGH = 1200000

  -- core/rules/handshake_end.py:17: HS004: SYN, SYN-ACK and ACK, all captured, all with the right numbers (RFC 9293
  -- §3.5 Fig. 6).
  local function three_way_handshake(ending)
    local connection = ending.connection
    if ending.handshake ~= "three-way" or connection.third_frame == 0 or not ending.answerer.opening.answer_good then
      return
    end
    local opening = ending.answerer.opening
    local asked = ending.opener.opening
    local first = opening.answer_time - asked.alone_time
    if asked.alone_copies > 1 and asked.alone_last_time < opening.answer_time then
      first = opening.answer_time - asked.alone_last_time
    end
    local second = connection.third_time - opening.answer_time
    if first < 0 then first = -1 end
    if second < 0 then second = -1 end
    notes(ending, HANDSHAKE, "HS004", "completed", ending.client, connection.third_frame, opening.answer_frame, first,
        second)
  end

  -- core/rules/handshake_end.py:45: HS007: the gaps between timer-driven copies of a SYN or SYN-ACK (RFC 6298 §2.1,
  -- §5.5; RFC 9293 MUST-18).
  local function handshake_retry_too_fast(ending)
    if ending.clock_broken then return end
    for _, endpoint in ipairs(ending.connection.ends) do
      local opening = endpoint.opening
      judge_gaps(ending, endpoint, opening.gaps, opening.alone_frame, "")
      if #opening.answer_gaps > 0 then
        judge_gaps(ending, endpoint, opening.answer_gaps, opening.answer_frame, provoked_unseen(ending, endpoint))
      end
    end
  end

  -- core/rules/handshake_end.py:56: Why a copy of the SYN that was not captured may have asked for the second SYN-ACK;
  -- "" when none can have.
  function provoked_unseen(ending, endpoint)
    local asked = ending.connection.ends[2 - endpoint.side]
    if asked.segments == 0 then return "one-way" end
    local opening = endpoint.opening
    local second = opening.answer_time + opening.answer_gaps[1]
    if asked.opening.alone_frame == 0 or second - asked.opening.alone_time >= TIMER_FLOOR then
      return "hole"
    end
    local gaps = opening.answer_gaps
    local again = #gaps > 1 and gaps[1] >= SLACK and gaps[1] <= 2 * gaps[2] and gaps[2] < TIMER_FLOOR
    if gaps[1] < DOUBLED and not again then return "far-tap" end
    return ""
  end

  -- core/rules/handshake_end.py:75: The first gap is too short. A path whose delay varies can make it so: only near its
  -- sender a tap can tell.
  local function judge_early_copy(ending, endpoint, gap, first_frame, why)
    if why == "" and gap >= SURELY_EARLY then
      local away = leg(ending.connection, endpoint.side)
      if away < 0 or gap + away >= TIMER_FLOOR then why = "far-tap" end
    end
    local frame = endpoint.opening.gap_frame
    if why == "" then
      conclude(ending, HANDSHAKE, "HS007", "too-early", VIOLATES, "", endpoint.side, frame, first_frame, gap, -1)
    else
      leaves_open(ending, HANDSHAKE, "HS007", "too-early", why, endpoint.side, frame, first_frame, gap, -1)
    end
  end

  -- core/rules/handshake_end.py:88: A first gap under 0.9 s is too early; two gaps in a row that do not grow are no
  -- back-off, unless all are 1 s.
  function judge_gaps(ending, endpoint, gaps, first_frame, why)
    if #gaps == 0 or gaps[1] < 0 then return end
    local frame = endpoint.opening.gap_frame
    if gaps[1] > 0 and gaps[1] < TIMER_FLOOR then
      judge_early_copy(ending, endpoint, gaps[1], first_frame, why)
      return
    end
    if why == "one-way" then return end
    local index = 2
    local flat = 0
    local linear = true
    while index < #gaps and gaps[index + 1] >= 0 and gaps[index] >= 0 do
      local before = gaps[index - 1]
      local middle = gaps[index]
      local after = gaps[index + 1]
      if 2 * middle < 3 * before and 2 * after < 3 * middle and middle < GROWTH and after < GROWTH then
        flat = flat + 1
        if before < LINEAR_LOW or before > LINEAR_HIGH or middle < LINEAR_LOW or middle > LINEAR_HIGH then
          linear = false
        end
      end
      index = index + 1
    end
    if flat > 0 and linear then
      notes(ending, HANDSHAKE, "HS007", "linear", endpoint.side, frame, first_frame, #gaps, -1)
    elseif flat > 0 then
      conclude(ending, HANDSHAKE, "HS007", "no-backoff", VIOLATES, "", endpoint.side, frame, first_frame, #gaps, -1)
    elseif #gaps == 2 and gaps[2] > 0 and 2 * gaps[2] < 3 * gaps[1] and awaits_copy(ending, endpoint, gaps[2]) then
      leaves_open(ending, HANDSHAKE, "HS007", "no-backoff", "capture-end", endpoint.side, frame, first_frame, 2, -1)
    end
  end

  -- core/rules/handshake_end.py:123: Nothing ended the series of copies, and the next may well lie behind the end of
  -- the capture.
  function awaits_copy(ending, endpoint, gap)
    if ending.handshake ~= "unanswered" and ending.handshake ~= "half-open" then
      return false
    end
    return gap < GROWTH and not ran(ending, endpoint.last_time, 4 * gap)
  end

  -- core/rules/handshake_end.py:130: HS009: the SYN was answered by a RST that SYN-SENT accepts (RFC 9293 §3.10.7.3
  -- step 2).
  local function refused_by_reset(ending)
    local b = ending.answerer
    local closing = b.closing
    if ending.handshake == "refused" then
      local opening = ending.opener.opening
      local delay = closing.rst_time - opening.alone_last_time
      notes(ending, HANDSHAKE, "HS009", "refused", b.side, closing.rst_frame, opening.alone_last_frame, delay, -1)
    elseif ending.handshake == "stray" then
      for _, endpoint in ipairs(ending.connection.ends) do
        local lone = endpoint.closing.rst_count > 0 and endpoint.closing.rst_count == ending.connection.segments
        if lone and endpoint.closing.rst_ack >= 0 and endpoint.closing.rst_seq % 4294967296 == 0 then
          leaves_open(ending, HANDSHAKE, "HS009", "refused", "mid-stream", endpoint.side, endpoint.closing.rst_frame, 0,
              -1, -1)
        end
      end
    end
  end

  -- core/rules/handshake_end.py:156: HS010: an ICMP error quotes the SYN, and the peer says nothing (RFC 9293
  -- §3.9.2.2).
  local function refused_by_icmp(ending)
    if ending.handshake ~= "refused-icmp" then return end
    local quote = ending.connection.quote
    local opening = ending.opener.opening
    local side = ending.client
    local asked = opening.alone_frame
    if quote.seq < 0 then
      leaves_open(ending, HANDSHAKE, "HS010", "soft", "truncated", side, quote.frame, asked, quote.type, quote.code)
    elseif is_hard(quote) then
      notes(ending, HANDSHAKE, "HS010", "hard", side, quote.frame, asked, quote.type, quote.code)
    else
      notes(ending, HANDSHAKE, "HS010", "soft", side, quote.frame, asked, quote.type, quote.code)
      if opening.alone_last_frame < quote.frame then
        local wait = 3 * (opening.alone_last_time - opening.alone_time)
        if wait < SETTLED then wait = SETTLED end
        if ran(ending, opening.alone_last_time, wait) then
          notes(ending, HANDSHAKE, "HS010", "gave-up", side, quote.frame, asked, quote.type, quote.code)
        else
          local why = "capture-end"
          local frame = quote.frame
          leaves_open(ending, HANDSHAKE, "HS010", "gave-up", why, side, frame, asked, quote.type, quote.code)
        end
      end
    end
  end

  -- core/rules/handshake_end.py:185: HS011: no answer to any SYN though the capture ran on (RFC 9293 §3.8.3).
  local function unanswered_syn(ending)
    if ending.handshake ~= "unanswered" or ending.answerer.last_frame > 0 then return end
    local opening = ending.opener.opening
    local side = ending.client
    local frame = opening.alone_last_frame
    local first = opening.alone_frame
    if not ran(ending, opening.alone_last_time, SETTLED) then
      leaves_open(ending, HANDSHAKE, "HS011", "no-answer", "capture-end", side, frame, first, opening.alone_copies, -1)
    elseif ending.one_way_capture then
      leaves_open(ending, HANDSHAKE, "HS011", "no-answer", "one-way", side, frame, first, opening.alone_copies, -1)
    else
      notes(ending, HANDSHAKE, "HS011", "no-answer", side, frame, first, opening.alone_copies, -1)
    end
  end

  -- core/rules/handshake_end.py:203: HS012: the SYN-ACK was repeated and never acknowledged (RFC 4987 §2; many of them
  -- are a SYN flood).
  local function half_open_handshake(ending)
    if ending.handshake ~= "half-open" or ending.answerer.opening.answer_frame == 0 then
      return
    end
    local opening = ending.answerer.opening
    local side = ending.client
    local frame = opening.answer_last_frame
    local first = opening.answer_frame
    local copies = opening.answer_copies
    if not ran(ending, opening.answer_last_time, SETTLED) then
      leaves_open(ending, HANDSHAKE, "HS012", "no-third-step", "capture-end", side, frame, first, copies, -1)
    elseif #opening.answer_gaps == 0 or opening.answer_gaps[#opening.answer_gaps] < 0 then
      leaves_open(ending, HANDSHAKE, "HS012", "no-third-step", "hole", side, frame, first, copies, -1)
    else
      conclude(ending, HANDSHAKE, "HS012", "no-third-step", VIOLATES, "", side, frame, first, copies, -1)
    end
  end

  -- core/rules/handshake_end.py:220: HS013: a SYN-ACK whose SYN was not captured: a late capture, or the echo of a
  -- forged SYN.
  local function synack_without_syn(ending)
    local b = ending.answerer
    local a = ending.opener
    if a.iss_seen or b.opening.answer_frame == 0 or b.opening.alone_frame > 0 then
      return
    end
    local frame = b.opening.answer_frame
    if a.closing.rst_frame > 0 and a.closing.rst_seq == b.opening.answer_ack and other_segments(a) == 0 then
      notes(ending, HANDSHAKE, "HS013", "unsolicited", b.side, frame, a.closing.rst_frame, -1, -1)
    elseif other_segments(a) > 0 or other_segments(b) > 0 then
      notes(ending, HANDSHAKE, "HS013", "syn-missed", b.side, frame, 0, -1, -1)
    elseif ran(ending, b.opening.answer_last_time, SETTLED) then
      leaves_open(ending, HANDSHAKE, "HS013", "nothing-follows", "one-way", b.side, frame, 0, -1, -1)
    else
      leaves_open(ending, HANDSHAKE, "HS013", "nothing-follows", "capture-end", b.side, frame, 0, -1, -1)
    end
  end

  -- core/rules/handshake_end.py:237: HS014: both SYNs crossed (RFC 9293 §3.5 Fig. 7, MUST-10).
  local function simultaneous_open(ending)
    local a = ending.opener
    local b = ending.answerer
    if ending.handshake == "simultaneous" then
      notes(ending, HANDSHAKE, "HS014", "crossed", a.side, b.opening.alone_frame, a.opening.alone_frame, -1, -1)
    elseif a.opening.alone_frame > 0 and b.opening.alone_frame > 0 and ending.handshake ~= "split" then
      for _, endpoint in ipairs(ending.connection.ends) do
        if endpoint.closing.rst_frame > 0 and endpoint.closing.rst_ack >= 0 and not endpoint.got_syn then
          notes(ending, HANDSHAKE, "HS014", "crossing-syn-reset", endpoint.side, endpoint.closing.rst_frame,
              endpoint.opening.alone_frame, -1, -1)
          return
        end
      end
      leaves_open(ending, HANDSHAKE, "HS014", "crossed", "capture-end", a.side, b.opening.alone_frame,
          a.opening.alone_frame, -1, -1)
    end
  end

  -- core/rules/handshake_end.py:272: HS017: the SYN is answered by an ACK and a SYN of its own (RFC 9293 §3.4.1).
  local function split_handshake(ending)
    local a = ending.opener
    local b = ending.answerer
    if ending.handshake == "split" then
      notes(ending, HANDSHAKE, "HS017", "split", b.side, b.opening.alone_frame, a.opening.alone_frame, -1, -1)
      if b.opening.other_iss >= 0 then
        notes(ending, HANDSHAKE, "HS017", "two-isns", b.side, b.opening.alone_frame, 0, -1, -1)
      end
    elseif ending.connection.early_ack and b.opening.alone_frame == 0 and b.opening.answer_frame == 0 then
      leaves_open(ending, HANDSHAKE, "HS017", "split", "hole", b.side, b.last_frame, a.opening.alone_frame, -1, -1)
    end
  end

  core.rules.handshake_end = { DOUBLED = DOUBLED, SURELY_EARLY = SURELY_EARLY, GROWTH = GROWTH, LINEAR_LOW = LINEAR_LOW,
      LINEAR_HIGH = LINEAR_HIGH, three_way_handshake = three_way_handshake,
      handshake_retry_too_fast = handshake_retry_too_fast, provoked_unseen = provoked_unseen,
      judge_early_copy = judge_early_copy, judge_gaps = judge_gaps, awaits_copy = awaits_copy,
      refused_by_reset = refused_by_reset, refused_by_icmp = refused_by_icmp, unanswered_syn = unanswered_syn,
      half_open_handshake = half_open_handshake, synack_without_syn = synack_without_syn,
      simultaneous_open = simultaneous_open, split_handshake = split_handshake }
end

-- core/rules/many.py: CA, HS: what only the other connections of the same hosts tell about this one
-- (core/aggregate_host).
do
  local from = core.aggregate_host
  local begin_waiting, end_waiting, goes_on_unheard = from.begin_waiting, from.end_waiting, from.goes_on_unheard
  from = core.evidence
  local damaged = from.damaged
  from = core.model
  local HANDSHAKE, OTHER = from.HANDSHAKE, from.OTHER
  from = core.note
  local notes, observed = from.notes, from.observed
  from = core.rules.handshake
  local TIMER_FLOOR = from.TIMER_FLOOR
  local FLOOD_FROM = 16

  -- core/rules/many.py:12: CA005: nothing but SYNs here; in other connections the same host goes on though its peer is
  -- heard in none.
  local function unheard_host(ending)
    local silent = ending.answerer
    local opening = ending.opener.opening
    if silent.last_frame > 0 or ending.opener.ackmax >= 0 or opening.alone_frame == 0 then
      return
    end
    local other = goes_on_unheard(ending.engine, ending.connection.chain.key, ending.client)
    if other >= 0 then
      notes(ending, OTHER, "CA005", "host-pair", ending.client, opening.alone_last_frame, 0, other, -1)
    end
  end

  -- core/rules/many.py:23: HS012: many handshakes at one server wait at once, each with a SYN-ACK that was repeated
  -- (RFC 4987 §2).
  local function synack_waits(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local opening = own.opening
    if opening.answer_copies ~= 1 or arrival.seq ~= own.iss or not opening.answer_good or damaged(arrival) then
      return
    end
    if peer.got_syn or peer.closing.rst_frame > 0 or peer.opening.alone_last_time > opening.answer_last_time then
      return
    end
    if arrival.time - opening.answer_time < TIMER_FLOOR then return end
    local waiting = begin_waiting(arrival.engine, arrival.connection.chain.key, arrival.side, arrival.time)
    if waiting == nil then return end
    local count = waiting.count + waiting.before
    if count >= FLOOD_FROM and count >= 2 * waiting.said then
      waiting.said = count
      observed(arrival, HANDSHAKE, "HS012", "flood", opening.answer_frame, count, -1)
    end
  end

  -- core/rules/many.py:43: The third step, or a RST in its place, of a handshake that may have waited.
  local function synack_waits_no_more(arrival)
    local opening = arrival.peer.opening
    if opening.answer_copies > 1 and not arrival.own.got_syn and arrival.own.closing.rst_frame == 0 then
      end_waiting(arrival.engine, arrival.connection.chain.key, 1 - arrival.side)
    end
  end

  core.rules.many = { FLOOD_FROM = FLOOD_FROM, unheard_host = unheard_host, synack_waits = synack_waits,
      synack_waits_no_more = synack_waits_no_more }
end

-- core/rules/reset.py: RS: resets. A RST is never retransmitted and anybody can forge one, so most of these rules only
-- describe.
do
  local from = core.evidence
  local NEAR_ANSWER, NEAR_ISN, REPLY_WAIT, both_syns, damaged, has_hole, synchronised = from.NEAR_ANSWER, from.NEAR_ISN,
      from.REPLY_WAIT, from.both_syns, from.damaged, from.has_hole, from.synchronised
  from = core.incarnation
  local is_delayed = from.is_delayed
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, OBSERVED, SIDE_UNKNOWN, TEARDOWN, TIME_WAIT, VIOLATES = from.HANDSHAKE,
      from.INCONCLUSIVE, from.OBSERVED, from.SIDE_UNKNOWN, from.TEARDOWN, from.TIME_WAIT, from.VIOLATES
  from = core.note
  local add, known, observed, spoke, undecided, violates = from.add, from.known, from.observed, from.spoke,
      from.undecided, from.violates
  from = core.sequence
  local between, size = from.between, from.size
  from = core.rules.handshake
  local answers_older = from.answers_older
  local implausible_excuse, has_challenged
  local NEAR_REPLY = 16

  -- core/rules/reset.py:17: RS001: the numbers of a RST whose only possible trigger is the SYN (RFC 9293 §3.5.2 group
  -- 1, §3.10.7.1).
  local function refusal_wrong_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not arrival.has_ack or peer.opening.alone_frame == 0 or damaged(arrival) then
      return
    end
    if own.segments > own.closing.rst_count or peer.ackmax >= 0 or own.iss_seen then
      return
    end
    local frame = peer.opening.alone_frame
    local distance = arrival.ack - (peer.iss + 1)
    local covered = peer.iss < arrival.ack and arrival.ack <= peer.nxt
    if arrival.segment.seq == 0 and not covered then
      if answers_older(arrival) then
        undecided(arrival, HANDSHAKE, "RS001", "wrong-ack", "order", frame, size(distance), -1)
      elseif between(1, distance, NEAR_ISN) or between(-NEAR_ISN, distance, -NEAR_ANSWER - 1) then
        undecided(arrival, HANDSHAKE, "RS001", "wrong-ack", "hole", frame, size(distance), -1)
      elseif between(-NEAR_ANSWER, distance, 0) and not arrival.connection.removed_numbers then
        violates(arrival, HANDSHAKE, "RS001", "wrong-ack", frame, size(distance), -1)
      else
        undecided(arrival, HANDSHAKE, "RS001", "wrong-ack", "third-party", frame, size(distance), -1)
      end
    elseif covered and arrival.segment.seq ~= 0 then
      violates(arrival, HANDSHAKE, "RS001", "seq-not-zero", frame, size(distance), -1)
    elseif covered and arrival.ack ~= peer.nxt and peer.opening.alone_copies == 1 then
      violates(arrival, HANDSHAKE, "RS001", "ack-ignores-data", frame, peer.opening.length, -1)
    end
  end

  -- core/rules/reset.py:46: RS004: the initiator answers the SYN-ACK with a RST (RFC 9293 §3.10.7.1: its socket is
  -- gone, or never was).
  local function reset_after_synack(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.opening.alone_frame == 0 or not peer.opening.answer_good or own.got_syn then
      return
    end
    if arrival.seq == peer.opening.answer_ack then
      if has_hole(own) then
        undecided(arrival, HANDSHAKE, "RS004", "reset", "hole", peer.opening.answer_frame, -1, -1)
      else
        observed(arrival, HANDSHAKE, "RS004", "reset", peer.opening.answer_frame, -1, -1)
      end
    end
  end

  -- core/rules/reset.py:59: RS005: a RST that speaks of this connection by its ack but whose number this end never used
  -- or could use.
  local function implausible_reset_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not arrival.has_ack or own.nxt < 0 or peer.nxt < 0 or damaged(arrival) then
      return
    end
    local lowest = own.iss
    if lowest < 0 then lowest = own.first - 1 end
    if between(lowest, arrival.seq, own.nxt + peer.wmax) then return end
    if arrival.ack < peer.iss + 1 or arrival.ack > peer.nxt + 65536 then return end
    if arrival.segment.seq == 0 and peer.opening.alone_frame > 0 and arrival.ack == peer.iss + 1 +
        peer.opening.length then
      return
    end
    local why = implausible_excuse(arrival)
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    local away = size(arrival.seq - own.nxt)
    add(arrival, TEARDOWN, "RS005", "implausible", verdict, why, SIDE_UNKNOWN, own.last_frame, away, -1)
  end

  -- core/rules/reset.py:82: Why an impossible number of a RST proves nothing; "" when nothing excuses it.
  function implausible_excuse(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not both_syns(arrival.connection) then return "mid-stream" end
    if has_hole(own) or has_hole(peer) then return "hole" end
    if arrival.connection.removed_numbers then return "third-party" end
    if is_delayed(arrival, arrival.connection.chain) then return "order" end
    if arrival.ack == peer.iss + 1 and arrival.segment.seq == 0 then return "hole" end
    if arrival.ack == peer.iss + 1 and peer.ackmax <= own.iss + 1 and arrival.connection.third_frame == 0 then
      return "hole"
    end
    if arrival.segment.seq ~= 0 then
      if arrival.seq > own.nxt then return "hole" end
      if arrival.seq < own.iss - NEAR_ISN then return "third-party" end
    end
    local answers = size(arrival.ack - peer.nxt) <= NEAR_REPLY or size(arrival.ack - own.ackmax) <= NEAR_REPLY
    if not answers and size(arrival.ack - peer.closing.rst_seq) > NEAR_REPLY then
      return "hole"
    end
    return ""
  end

  -- core/rules/reset.py:113: RS009: a RST of an end that has sent its FIN, the peer not (RFC 9293 §3.6.1 MAY-1,
  -- SHLD-3).
  local function reset_after_own_fin(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.closing.fin < 0 or peer.closing.fin >= 0 or own.closing.rst_count > 0 then
      return
    end
    if peer.segments == 0 then
      undecided(arrival, TEARDOWN, "RS009", "no-reason", "one-way", own.closing.frame, -1, -1)
    elseif own.ackmax < 0 then
      undecided(arrival, TEARDOWN, "RS009", "no-reason", "mid-stream", own.closing.frame, -1, -1)
    elseif peer.seen > own.ackmax then
      observed(arrival, TEARDOWN, "RS009", "data-arrived", own.closing.frame, peer.seen - own.ackmax, -1)
    elseif has_hole(peer) then
      undecided(arrival, TEARDOWN, "RS009", "no-reason", "hole", own.closing.frame, -1, -1)
    else
      observed(arrival, TEARDOWN, "RS009", "no-reason", own.closing.frame, -1, -1)
    end
  end

  -- core/rules/reset.py:131: RS012: a RST when both have sent FIN: an answer to a late segment, an abort, or the end of
  -- a TIME-WAIT.
  local function reset_after_both_fins(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.closing.fin < 0 or peer.closing.fin < 0 or own.closing.rst_count > 0 or spoke(arrival, "TD015") ~= nil then
      return
    end
    local answer = not arrival.has_ack
    if peer.ackmax < 0 then
      undecided(arrival, TEARDOWN, "RS012", "abort", "one-way", peer.closing.frame, -1, -1)
    elseif arrival.seq == peer.last_ack and peer.state == TIME_WAIT and peer.last_frame > own.closing.acked_frame then
      observed(arrival, TEARDOWN, "RS012", "assassination", peer.last_frame, -1, -1)
    elseif arrival.seq == peer.last_ack and peer.state == TIME_WAIT and answer then
      undecided(arrival, TEARDOWN, "RS012", "assassination", "hole", peer.last_frame, -1, -1)
    elseif answer and arrival.seq <= peer.ackmax then
      observed(arrival, TEARDOWN, "RS012", "late-segment", peer.last_frame, -1, -1)
    elseif answer and arrival.seq ~= own.nxt then
      undecided(arrival, TEARDOWN, "RS012", "late-segment", "hole", peer.last_frame, -1, -1)
    else
      observed(arrival, TEARDOWN, "RS012", "abort", peer.closing.frame, -1, -1)
    end
  end

  -- core/rules/reset.py:156: RS016: an end never seen before answers with a RST at the segment's ack (RFC 9293 §3.5.1
  -- Fig. 10).
  local function reset_for_dead_connection(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if arrival.has_ack or own.segments > own.closing.rst_count or peer.segments == 0 or peer.iss_seen then
      return
    end
    if peer.last_ack < 0 or spoke(arrival, "RS003") ~= nil then return end
    if arrival.seq == peer.last_ack then
      observed(arrival, TEARDOWN, "RS016", "no-connection", peer.last_frame, -1, -1)
    else
      undecided(arrival, TEARDOWN, "RS016", "no-connection", "hole", peer.last_frame, size(arrival.seq - peer.last_ack),
          -1)
    end
  end

  -- core/rules/reset.py:172: RS020: the answer of a living connection to a SYN inside it (RFC 9293 §3.10.7.4 step 4,
  -- RFC 5961 §4.2).
  local function syn_challenged(arrival)
    local pending = arrival.connection.chain.pending
    local own = arrival.own
    if pending == nil or not synchronised(own) then return end
    local asked = pending.ends[2 - arrival.side].opening
    if asked.alone_frame == 0 or arrival.time - asked.alone_last_time > REPLY_WAIT then
      return
    end
    local frame = asked.alone_last_frame
    if has_challenged(arrival, frame) then return end
    if arrival.rst then
      observed(arrival, TEARDOWN, "RS020", "reset", frame, -1, -1)
    elseif arrival.has_ack and arrival.length == 0 and not arrival.fin then
      if arrival.seq ~= own.nxt or arrival.ack ~= own.last_ack then return end
      if own.iss_seen and arrival.peer.iss_seen then
        observed(arrival, TEARDOWN, "RS020", "challenge-ack", frame, -1, -1)
      else
        undecided(arrival, TEARDOWN, "RS020", "challenge-ack", "mid-stream", frame, -1, -1)
      end
    end
  end

  -- core/rules/reset.py:195: This end has answered the SYN in `frame` by a challenge ACK: what it sends later answers
  -- something else.
  function has_challenged(arrival, frame)
    local findings = arrival.connection.findings
    local challenge = known(findings, "RS020", "challenge-ack", OBSERVED, "", arrival.side)
    if challenge == nil then
      challenge = known(findings, "RS020", "challenge-ack", INCONCLUSIVE, "mid-stream", arrival.side)
    end
    return challenge ~= nil and challenge.last_frame > frame
  end

  -- core/rules/reset.py:204: RS020: a SYN inside a living connection is accepted at once: the responder had dropped the
  -- old one silently.
  local function state_lost(arrival)
    if arrival.displaced >= 0 then
      observed(arrival, TEARDOWN, "RS020", "state-lost", arrival.peer.opening.alone_frame, arrival.displaced, -1)
    end
  end

  core.rules.reset = { NEAR_REPLY = NEAR_REPLY, refusal_wrong_number = refusal_wrong_number,
      reset_after_synack = reset_after_synack, implausible_reset_number = implausible_reset_number,
      implausible_excuse = implausible_excuse, reset_after_own_fin = reset_after_own_fin,
      reset_after_both_fins = reset_after_both_fins, reset_for_dead_connection = reset_for_dead_connection,
      syn_challenged = syn_challenged, has_challenged = has_challenged, state_lost = state_lost }
end

-- core/rules/reset_ignored.py: RS002, RS013 and RS015: resets that should have no effect, or should have had one.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.distance
  local near = from.near
  from = core.evidence
  local NEAR_ISN, SLACK, both_syns, damaged, fits, has_hole, reopened, stranger, synchronised = from.NEAR_ISN,
      from.SLACK, from.both_syns, from.damaged, from.fits, from.has_hole, from.reopened, from.stranger,
      from.synchronised
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, OBSERVED, SIDE_UNKNOWN, TEARDOWN, VIOLATES = from.HANDSHAKE, from.INCONCLUSIVE,
      from.OBSERVED, from.SIDE_UNKNOWN, from.TEARDOWN, from.VIOLATES
  from = core.note
  local add, conclude, leaves_open, notes, ran, spoke = from.add, from.conclude, from.leaves_open, from.notes, from.ran,
      from.spoke
  from = core.outcome
  local SETTLED = from.SETTLED
  from = core.sequence
  local between, larger, size = from.between, from.larger, from.size
  from = core.rules.handshake
  local answers_older = from.answers_older
  from = core.rules.reset_after
  local round_trip = from.round_trip
  local ignored_excuse, has_answered, answers, after_reset_excuse
  local GIVES_UP = 3

  -- core/rules/reset_ignored.py:21: For RS002: a RST that answers nothing that a client in SYN-SENT has sent (RFC 9293
  -- §3.10.7.3 steps 1, 2).
  local function keep_ignored(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if peer.opening.alone_frame == 0 or peer.got_syn or own.iss_seen or damaged(arrival) then
      return
    end
    if own.segments > own.closing.rst_count or own.opening.suspects ~= nil then return end
    if (arrival.has_ack and (peer.iss < arrival.ack and arrival.ack <= peer.nxt)) or spoke(arrival, "RS001") ~= nil then
      return
    end
    own.opening.suspects = Suspect("RS002", arrival.frame, arrival.time, ignored_excuse(arrival), nil)
    own.opening.suspects.number = arrival.ack
    if arrival.has_ack or arrival.segment.seq == 0 then
      own.opening.suspects.proof = arrival.frame
    end
  end

  -- core/rules/reset_ignored.py:37: What may have caused that RST, other than the SYN; "" for nothing.
  function ignored_excuse(arrival)
    local connection = arrival.connection
    if connection.removed_numbers then return "third-party" end
    if #connection.chain.past > 0 or answers_older(arrival) then return "order" end
    if arrival.has_ack then
      local away = arrival.ack - (arrival.peer.iss + 1)
      if away > 0 then return "hole" end
      if not between(-NEAR_ISN, away, 0) then return "third-party" end
    end
    return ""
  end

  -- core/rules/reset_ignored.py:53: RS002: such a RST refuses nothing. The client shows that it was in SYN-SENT when it
  -- goes on from there.
  local function reset_ignored_in_syn_sent(ending)
    local client = ending.opener
    local server = ending.answerer
    local one = server.opening.suspects
    while one ~= nil and one.code ~= "RS002" do
      one = one.before
    end
    if one == nil then return end
    local opening = client.opening
    local goes_on = opening.alone_last_frame > one.frame or (client.got_syn and server.opening.answer_frame > one.frame)
    local why = one.why
    if why == "" and one.proof == 0 and not goes_on then
      why = "hole"
      if not ran(ending, one.time, SETTLED) then why = "capture-end" end
    end
    local kind = "no-ack"
    local away = -1
    if one.number >= 0 then
      kind = "wrong-ack"
      away = size(one.number - (client.iss + 1))
    end
    local first = opening.alone_frame
    if why ~= "" then
      leaves_open(ending, HANDSHAKE, "RS002", kind, why, SIDE_UNKNOWN, one.frame, first, away, -1)
      return
    end
    conclude(ending, HANDSHAKE, "RS002", kind, VIOLATES, "", SIDE_UNKNOWN, one.frame, first, away, -1)
    local wait = larger(SETTLED, GIVES_UP * (opening.alone_last_time - opening.alone_time))
    if not goes_on and not client.got_syn and ran(ending, one.time, wait) then
      notes(ending, HANDSHAKE, "RS002", "honoured", client.side, one.frame, first, -1, -1)
    end
  end

  -- core/rules/reset_ignored.py:84: RS013: the numbers of a RST are those that an answer to the peer's RST would have
  -- (RFC 9293 §3.5.2).
  local function reset_answering_reset(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local first = peer.closing
    if first.rst_frame == 0 or damaged(arrival) then return end
    if first.rst_last_frame ~= peer.last_frame or own.last_frame > first.rst_last_frame then
      return
    end
    if not answers(arrival, first) then return end
    local why = ""
    if has_hole(peer) or has_hole(own) then
      why = "hole"
    elseif reopened(arrival.connection) then
      why = "order"
    end
    local kind = "crossing"
    local verdict = OBSERVED
    if has_answered(arrival.connection, arrival.side) then
      kind = "answered"
      verdict = VIOLATES
    end
    if why ~= "" then verdict = INCONCLUSIVE end
    local frame = first.rst_last_frame
    add(arrival, TEARDOWN, "RS013", kind, verdict, why, arrival.side, frame, own.closing.rst_count + 1, -1)
  end

  -- core/rules/reset_ignored.py:114: This end has sent a RST before that looks like an answer to one.
  function has_answered(connection, side)
    for _, finding in ipairs(connection.findings) do
      if finding.code == "RS013" and finding.side == side then return true end
    end
    return false
  end

  -- core/rules/reset_ignored.py:122: SEQ = SEG.ACK, or, to one without ACK, SEQ = 0 and ACK = SEG.SEQ.
  function answers(arrival, other)
    if other.rst_ack >= 0 then
      return arrival.seq == other.rst_ack and not arrival.has_ack
    end
    return arrival.has_ack and arrival.segment.seq == 0 and arrival.ack == other.rst_seq
  end

  -- core/rules/reset_ignored.py:129: RS015: new data more than a round trip behind a RST at exactly the expected number
  -- (RFC 9293 §3.10.7.4).
  local function traffic_after_received_reset(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local closing = peer.closing
    local connection = arrival.connection
    if not closing.rst_exact or closing.rst_void or not arrival.new or arrival.length == 0 or damaged(arrival) then
      return
    end
    if not synchronised(own) or not synchronised(peer) then return end
    local since = arrival.time - closing.rst_time
    if since <= larger(SLACK, round_trip(connection)) then return end
    local kind = "not-effective"
    local verdict = OBSERVED
    if near(connection, arrival.side) then
      kind = "goes-on"
      verdict = VIOLATES
    end
    local why = after_reset_excuse(arrival)
    if why ~= "" then
      kind = "goes-on"
      verdict = INCONCLUSIVE
    end
    add(arrival, TEARDOWN, "RS015", kind, verdict, why, arrival.side, closing.rst_frame, since, -1)
  end

  -- core/rules/reset_ignored.py:154: Why data behind the peer's RST prove nothing; "" for nothing.
  function after_reset_excuse(arrival)
    local connection = arrival.connection
    if not both_syns(connection) or round_trip(connection) == 0 then return "mid-stream" end
    if stranger(arrival) or arrival.segment.padding then return "third-party" end
    if reopened(connection) or arrival.engine.clock_breaks > connection.breaks then
      return "order"
    end
    if has_hole(arrival.own) or not fits(arrival) or arrival.seq > arrival.own.nxt then
      return "hole"
    end
    return ""
  end

  core.rules.reset_ignored = { GIVES_UP = GIVES_UP, keep_ignored = keep_ignored, ignored_excuse = ignored_excuse,
      reset_ignored_in_syn_sent = reset_ignored_in_syn_sent, reset_answering_reset = reset_answering_reset,
      has_answered = has_answered, answers = answers, traffic_after_received_reset = traffic_after_received_reset,
      after_reset_excuse = after_reset_excuse }
end

-- core/rules/syn_data.py: HS021 and HS023: data before the handshake is complete, the client's on its SYN, the server's
-- behind its SYN-ACK.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.distance
  local near = from.near
  from = core.evidence
  local SLACK, damaged, has_hole, reopened, reset_before, stranger = from.SLACK, from.damaged, from.has_hole,
      from.reopened, from.reset_before, from.stranger
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, VIOLATES = from.HANDSHAKE, from.INCONCLUSIVE, from.VIOLATES
  from = core.note
  local add, conclude, leaves_open, ran = from.add, from.conclude, from.leaves_open, from.ran
  from = core.offer
  local VARIED, answers_copy = from.VARIED, from.answers_copy
  from = core.outcome
  local SETTLED = from.SETTLED
  from = core.sequence
  local larger = from.larger
  from = core.rules.handshake
  local TIMER_FLOOR = from.TIMER_FLOOR
  local judge_early_response, find

  -- core/rules/syn_data.py:20: HS021: the SYN-ACK acknowledges a part of the data on the SYN (RFC 7413 §4.2.2 foresees
  -- all or nothing).
  local function syn_data_acknowledged_in_part(arrival)
    local asker = arrival.peer
    local taken = arrival.ack - (asker.iss + 1)
    if not asker.iss_seen or damaged(arrival) or taken <= 0 or taken >= asker.opening.length then
      return
    end
    local why = ""
    if band(asker.opening.offers, VARIED) ~= 0 then
      why = "order"
    elseif not answers_copy(arrival) and arrival.time - asker.opening.alone_time >= TIMER_FLOOR then
      why = "hole"
    end
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    local frame = asker.opening.alone_frame
    add(arrival, HANDSHAKE, "HS021", "partial-ack", verdict, why, arrival.side, frame, taken, asker.opening.length)
  end

  -- core/rules/syn_data.py:38: For HS021: the client's first data stand above what the SYN-ACK acknowledges.
  local function keep_data_behind_syn_data(arrival)
    local own = arrival.own
    local answer = arrival.peer.opening
    if own.data_end >= 0 or not own.iss_seen or not answer.answer_good or damaged(arrival) then
      return
    end
    if arrival.seq <= answer.answer_ack or arrival.peer.ackmax >= arrival.seq or arrival.seq > own.nxt then
      return
    end
    if find(own, "HS021") ~= nil then return end
    local why = ""
    if arrival.segment.padding or stranger(arrival) then
      why = "third-party"
    elseif reopened(arrival.connection) or reset_before(arrival.connection) then
      why = "order"
    end
    own.opening.suspects = Suspect("HS021", arrival.frame, arrival.time, why, own.opening.suspects)
    own.opening.suspects.number = arrival.seq - answer.answer_ack
  end

  -- core/rules/syn_data.py:57: For HS021: behind those data the server acknowledges no more than with its SYN-ACK, in a
  -- segment of its own.
  local function still_without_syn_data(arrival)
    local suspect = find(arrival.peer, "HS021")
    if suspect == nil or suspect.proof > 0 or arrival.length > 0 or arrival.fin or damaged(arrival) then
      return
    end
    if arrival.ack == arrival.own.opening.answer_ack then suspect.proof = arrival.frame end
  end

  -- core/rules/syn_data.py:66: HS021: the client goes on behind SYN data that the server did not take (RFC 7413
  -- §4.2.2).
  local function syn_data_not_resent(ending)
    local client = ending.opener
    local suspect = find(client, "HS021")
    if suspect == nil then return end
    local answer = ending.answerer.opening
    local why = suspect.why
    if why == "" and suspect.proof == 0 then
      if ending.answerer.ackmax > answer.answer_ack then return end
      why = "hole"
      if not ran(ending, suspect.time, SETTLED) then why = "capture-end" end
    end
    if why == "" and not near(ending.connection, client.side) then why = "far-tap" end
    local side = client.side
    local frame = suspect.frame
    local lost = suspect.number
    local first = answer.answer_frame
    local length = client.opening.length
    if why == "" then
      conclude(ending, HANDSHAKE, "HS021", "not-resent", VIOLATES, "", side, frame, first, lost, length)
    else
      leaves_open(ending, HANDSHAKE, "HS021", "not-resent", why, side, frame, first, lost, length)
    end
  end

  -- core/rules/syn_data.py:93: For HS023: the first data of a responder whose SYN-ACK nobody has acknowledged yet.
  local function keep_early_response(arrival)
    local own = arrival.own
    local asker = arrival.peer
    local opening = own.opening
    if opening.answer_frame == 0 or opening.alone_frame > 0 or damaged(arrival) or not arrival.has_ack then
      return
    end
    if asker.segments > asker.opening.alone_copies or find(own, "HS023") ~= nil then
      return
    end
    if opening.answer_good and opening.answer_ack > asker.iss + 1 then return end
    local why = ""
    if not arrival.segment.length_known then
      why = "truncated"
    elseif arrival.segment.padding or stranger(arrival) or arrival.connection.removed_numbers then
      why = "third-party"
    elseif reset_before(arrival.connection) then
      why = "order"
    end
    opening.suspects = Suspect("HS023", arrival.frame, arrival.time, why, opening.suspects)
    opening.suspects.number = arrival.length
  end

  -- core/rules/syn_data.py:115: For HS023: the third step passes behind those data. It is surely the first when it
  -- knows nothing of them.
  local function third_step_behind_data(arrival)
    local own = arrival.own
    local responder = arrival.peer
    local suspect = find(responder, "HS023")
    if suspect == nil or suspect.why ~= "" or damaged(arrival) or arrival.ack < responder.iss + 1 then
      return
    end
    local trip = larger(0, arrival.time - own.opening.alone_time)
    if arrival.ack ~= responder.iss + 1 or arrival.length > 0 or arrival.fin or has_hole(own) then
      suspect.why = "hole"
    elseif arrival.time - suspect.time <= larger(SLACK, floor(trip / 4)) then
      suspect.why = "order"
    else
      suspect.proof = arrival.frame
    end
  end

  -- core/rules/syn_data.py:131: HS023: the responder does not wait for the third step (RFC 9293 §3.10.2: queue until
  -- ESTABLISHED).
  local function early_responder_data(ending)
    for _, responder in ipairs(ending.connection.ends) do
      local suspect = find(responder, "HS023")
      if suspect ~= nil then
        judge_early_response(ending, responder, suspect)
      end
    end
  end

  -- core/rules/syn_data.py:139: One of them.
  function judge_early_response(ending, responder, suspect)
    local asker = ending.connection.ends[2 - responder.side]
    local why = suspect.why
    if asker.segments == 0 then return end
    if why == "" and asker.opening.alone_frame == 0 then
      why = "hole"
    elseif why == "" and suspect.proof == 0 then
      why = "hole"
      if asker.segments == asker.opening.alone_copies and not ran(ending, suspect.time, SETTLED) then
        why = "capture-end"
      end
    end
    local side = responder.side
    local frame = suspect.frame
    local octets = suspect.number
    if why == "" then
      local proof = suspect.proof
      conclude(ending, HANDSHAKE, "HS023", "early-data", VIOLATES, "", side, frame, proof, octets, -1)
    else
      local first = responder.opening.answer_frame
      leaves_open(ending, HANDSHAKE, "HS023", "early-data", why, side, frame, first, octets, -1)
    end
  end

  -- core/rules/syn_data.py:162: The newest suspect segment of this end that the rule has kept, or None.
  function find(endpoint, code)
    local one = endpoint.opening.suspects
    while one ~= nil do
      if one.code == code then return one end
      one = one.before
    end
    return nil
  end

  core.rules.syn_data = { syn_data_acknowledged_in_part = syn_data_acknowledged_in_part,
      keep_data_behind_syn_data = keep_data_behind_syn_data, still_without_syn_data = still_without_syn_data,
      syn_data_not_resent = syn_data_not_resent, keep_early_response = keep_early_response,
      third_step_behind_data = third_step_behind_data, early_responder_data = early_responder_data,
      judge_early_response = judge_early_response, find = find }
end

-- core/rules/third_step.py: HS003: the third step of the handshake.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.evidence
  local NEAR_ANSWER, NEAR_ISN, damaged, fits, knows_nothing, reopened, reset_before, stranger = from.NEAR_ANSWER,
      from.NEAR_ISN, from.damaged, from.fits, from.knows_nothing, from.reopened, from.reset_before, from.stranger
  from = core.model
  local HANDSHAKE, VIOLATES = from.HANDSHAKE, from.VIOLATES
  from = core.note
  local conclude, leaves_open, undecided, violates = from.conclude, from.leaves_open, from.undecided, from.violates
  from = core.outcome
  local other_segments = from.other_segments
  from = core.sequence
  local between, size = from.between, from.size
  from = core.rules.handshake
  local acknowledges_other, speaks_of_older = from.acknowledges_other, from.speaks_of_older
  local begins_too_low, too_far, keep_third_step, awaits_proof, judge_third_step, doubt_about_third_step,
      report_third_step

  -- core/rules/third_step.py:27: HS003: the first ACK after the SYN-ACK is just too low, or its number is (RFC 9293
  -- §3.10.7.3).
  local function third_step_wrong_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local opening = peer.opening
    if own.got_syn or opening.answer_frame == 0 or own.opening.alone_frame == 0 or damaged(arrival) then
      return
    end
    if opening.alone_frame > 0 or own.opening.answer_frame > 0 or acknowledges_other(arrival) then
      return
    end
    if knows_nothing(arrival) then return end
    local low = arrival.ack - (peer.iss + 1)
    local below = own.iss + 1 - arrival.seq
    local why
    if low < 0 then
      if opening.other_iss < 0 or arrival.ack < opening.other_iss + 1 then
        why = doubt_about_third_step(arrival)
        if why == "" then why = too_far(low) end
        if why == "" and not between(-NEAR_ISN, below, NEAR_ISN) then why = "third-party" end
        if why == "" and low == -1 then
          keep_third_step(arrival)
        else
          report_third_step(arrival, "wrong-ack", why, size(low))
        end
      end
    elseif arrival.ack > peer.nxt then
      undecided(arrival, HANDSHAKE, "HS003", "wrong-ack", "hole", opening.answer_frame, size(low), -1)
    elseif begins_too_low(arrival) then
      why = doubt_about_third_step(arrival)
      if why == "" then why = too_far(-below) end
      report_third_step(arrival, "wrong-seq", why, below)
    end
  end

  -- core/rules/third_step.py:60: Below its sender's stream: a bare ACK below the SYN, or data that begin at the number
  -- of the SYN or below.
  function begins_too_low(arrival)
    local own = arrival.own
    if arrival.fin then return false end
    if arrival.length == 0 then return arrival.seq < own.iss end
    if arrival.length == 1 or arrival.seq > own.iss or arrival.segment.padding then
      return false
    end
    return own.syn_acked and arrival.segment.length_known
  end

  -- core/rules/third_step.py:76: What a number that far below a SYN's may belong to; "" when only to that SYN.
  function too_far(distance)
    if distance < -NEAR_ISN then return "third-party" end
    if distance < -NEAR_ANSWER then return "hole" end
    return ""
  end

  -- core/rules/third_step.py:88: Remember the first acknowledgment of exactly the SYN-ACK's number.
  function keep_third_step(arrival)
    local opening = arrival.own.opening
    if awaits_proof(opening) == nil then
      opening.suspects = Suspect("HS003", arrival.frame, arrival.time, "", opening.suspects)
      opening.suspects.number = arrival.ack
    end
  end

  -- core/rules/third_step.py:96: For HS003: the answering end shows that its SYN-ACK told its initial number.
  local function prove_third_step(arrival)
    local one = awaits_proof(arrival.peer.opening)
    if one == nil or damaged(arrival) or stranger(arrival) then return end
    if arrival.rst then
      if not arrival.has_ack and arrival.seq == one.number and other_segments(arrival.own) == 0 then
        one.proof = arrival.frame
      end
    elseif arrival.seq == one.number + 1 and (arrival.length > 1 or arrival.fin) and fits(arrival) then
      if not arrival.segment.padding and not arrival.syn then one.proof = arrival.frame end
    end
  end

  -- core/rules/third_step.py:113: The acknowledgment of exactly the SYN-ACK's number that still lacks its proof, or
  -- None.
  function awaits_proof(opening)
    local one = opening.suspects
    while one ~= nil do
      if one.code == "HS003" and one.proof == 0 then return one end
      one = one.before
    end
    return nil
  end

  -- core/rules/third_step.py:123: HS003: an acknowledgment of exactly the SYN-ACK's number, by what the answering end
  -- then sent.
  local function acknowledged_initial_number(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local answerer = ending.connection.ends[2 - endpoint.side]
      local one = endpoint.opening.suspects
      while one ~= nil do
        if one.code == "HS003" and answerer.opening.alone_frame == 0 and endpoint.opening.answer_frame == 0 then
          judge_third_step(ending, endpoint, answerer, one)
        end
        one = one.before
      end
    end
  end

  -- core/rules/third_step.py:134: Decided by the proof alone, so that a capture cut short decides less.
  function judge_third_step(ending, endpoint, answerer, one)
    local frame = answerer.opening.answer_frame
    if one.proof > 0 then
      conclude(ending, HANDSHAKE, "HS003", "wrong-ack", VIOLATES, "", endpoint.side, one.frame, frame, 1, -1)
    elseif other_segments(answerer) == 0 then
      leaves_open(ending, HANDSHAKE, "HS003", "wrong-ack", "capture-end", endpoint.side, one.frame, frame, 1, -1)
    else
      leaves_open(ending, HANDSHAKE, "HS003", "wrong-ack", "hole", endpoint.side, one.frame, frame, 1, -1)
    end
  end

  -- core/rules/third_step.py:145: HS003 in a split handshake: the responder, whose ACK and SYN came apart, takes its
  -- acknowledgment back.
  local function split_third_step(arrival)
    local own = arrival.own
    local asked = arrival.peer.opening
    if arrival.syn or own.opening.alone_frame == 0 or asked.alone_frame == 0 or damaged(arrival) then
      return
    end
    local low = arrival.ack - (arrival.peer.iss + 1)
    if low >= 0 or asked.answer_frame < asked.alone_frame then return end
    local why = doubt_about_third_step(arrival)
    if why == "" and reopened(arrival.connection) then why = "order" end
    if why == "" then why = too_far(low) end
    if why == "" and not between(-NEAR_ISN, arrival.seq - own.iss - 1, NEAR_ISN) then
      why = "third-party"
    end
    report_third_step(arrival, "wrong-ack", why, size(low))
  end

  -- core/rules/third_step.py:167: What else than a fault of the initiator could explain a number below the SYNs; "" for
  -- nothing.
  function doubt_about_third_step(arrival)
    if arrival.connection.removed_numbers or stranger(arrival) then return "third-party" end
    if arrival.peer.opening.other_iss >= 0 or speaks_of_older(arrival) then
      return "order"
    end
    if reset_before(arrival.connection) then return "hole" end
    return ""
  end

  -- core/rules/third_step.py:178: HS003, decided or not.
  function report_third_step(arrival, kind, why, distance)
    local frame = arrival.peer.opening.answer_frame
    if why == "" then
      violates(arrival, HANDSHAKE, "HS003", kind, frame, distance, -1)
    else
      undecided(arrival, HANDSHAKE, "HS003", kind, why, frame, distance, -1)
    end
  end

  core.rules.third_step = { third_step_wrong_number = third_step_wrong_number, begins_too_low = begins_too_low,
      too_far = too_far, keep_third_step = keep_third_step, prove_third_step = prove_third_step,
      awaits_proof = awaits_proof, acknowledged_initial_number = acknowledged_initial_number,
      judge_third_step = judge_third_step, split_third_step = split_third_step,
      doubt_about_third_step = doubt_about_third_step, report_third_step = report_third_step }
end

-- core/rules/accurate_ecn.py: OP021: accurate ECN (RFC 9768 §3.1). Its three bits are written here as one number, AE 4,
-- CWR 2, ECE 1.
do
  local from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local HANDSHAKE = from.HANDSHAKE
  from = core.note
  local undecided = from.undecided
  from = core.offer
  local ACCURATE, ECN, NO_ACCURATE, NO_ECN, answers_copy = from.ACCURATE, from.ECN, from.NO_ACCURATE, from.NO_ECN,
      from.answers_copy
  from = core.rules.negotiation
  local ecn_bits, syn_frame = from.ecn_bits, from.syn_frame
  from = core.rules.options
  local doubt, report = from.doubt, from.report

  -- core/rules/accurate_ecn.py:16: OP021: a SYN with AE that does not ask for accurate ECN (RFC 9768 §3.1.1). Without
  -- AE it is OP020.
  local function unknown_ecn_setup(arrival)
    local bits = ecn_bits(arrival.flags)
    if 4 <= bits and bits <= 6 then
      report(arrival, "OP021", "unknown-setup", doubt(arrival), 0, bits, -1)
    end
  end

  -- core/rules/accurate_ecn.py:23: OP021: what a SYN-ACK must not answer (RFC 9768 §3.1.2, Table 2).
  local function accurate_answer(arrival)
    local bits = ecn_bits(arrival.flags)
    local asker = arrival.peer
    if bits <= 1 or arrival.own.opening.alone_frame > 0 then return end
    local why = doubt(arrival)
    if bits == 5 then
      report(arrival, "OP021", "reserved-answer", why, syn_frame(asker), bits, -1)
      return
    end
    if bits == 7 then
      report(arrival, "OP021", "reflected", why, syn_frame(asker), bits, -1)
      return
    end
    if not asker.iss_seen then
      undecided(arrival, HANDSHAKE, "OP021", "not-requested", "mid-stream", 0, bits, -1)
      return
    end
    local offers = asker.opening.offers
    if band(offers, NO_ACCURATE) == 0 or asker.opening.alone_frame == 0 or not answers_syn(arrival, asker) then
      return
    end
    if why == "" and band(offers, ACCURATE) ~= 0 then
      why = "order"
    elseif why == "" and not answers_copy(arrival) then
      why = "hole"
    end
    if bits == 3 and band(offers, ECN) ~= 0 and band(offers, NO_ECN) == 0 then
      report(arrival, "OP021", "reflected", why, syn_frame(asker), bits, -1)
    else
      report(arrival, "OP021", "not-requested", why, syn_frame(asker), bits, -1)
    end
  end

  core.rules.accurate_ecn = { unknown_ecn_setup = unknown_ecn_setup, accurate_answer = accurate_answer }
end

-- core/rules/extensions.py: OP018, OP019, OP022, OP023: fast open, Multipath TCP, signed segments, and options that
-- nobody here knows.
do
  local from = core.evidence
  local damaged = from.damaged
  from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local HANDSHAKE = from.HANDSHAKE
  from = core.note
  local observed, phase_of_header = from.observed, from.phase_of_header
  from = core.offer
  local CAPABLE, JOIN, NO_MULTIPATH, NO_SIGNED, SIGNED, answers_copy = from.CAPABLE, from.JOIN, from.NO_MULTIPATH,
      from.NO_SIGNED, from.SIGNED, from.answers_copy
  from = core.rules.negotiation
  local elsewhere, syn_frame, unreadable = from.elsewhere, from.syn_frame, from.unreadable
  from = core.rules.options
  local doubt, doubt_outside_syn, list_is_broken, report = from.doubt, from.doubt_outside_syn, from.list_is_broken,
      from.report
  local unsure, doubt_about_question
  local LONGEST_COOKIE = 16
  local SHORTEST_COOKIE = 4
  local MP_CAPABLE = 0
  local MP_JOIN = 1
  local MP_FASTCLOSE = 7
  local MP_TCPRST = 8
  local OPTIMISERS = {76, 77, 78}

  -- core/rules/extensions.py:25: OP018: where a fast-open option may stand, and of which size (RFC 7413 §4.1.1). OP002
  -- names a wrong kind 34.
  local function fast_open_option(arrival)
    if list_is_broken(arrival) then return end
    local cookie = arrival.segment.options.tfo
    if not arrival.syn then
      if not arrival.rst then
        report(arrival, "OP018", "outside-syn", doubt_outside_syn(arrival), 0, cookie, -1)
      end
      return
    end
    if cookie > 0 and (cookie < SHORTEST_COOKIE or cookie > LONGEST_COOKIE or cookie % 2 == 1) then
      report(arrival, "OP018", "cookie-length", unsure(arrival), 0, cookie, -1)
    end
    if not arrival.has_ack or arrival.own.opening.alone_frame > 0 then return end
    local asker = arrival.peer
    if cookie == 0 then
      report(arrival, "OP018", "empty-grant", unsure(arrival), syn_frame(asker), cookie, -1)
    elseif asker.iss_seen and asker.opening.alone_frame > 0 and asker.opening.tfo < 0 and answers_syn(arrival,
        asker) then
      report(arrival, "OP018", "not-asked", doubt_about_question(arrival, false), syn_frame(asker), cookie, -1)
    end
  end

  -- core/rules/extensions.py:45: Damaged or cut; "" for neither, or when nobody had a reason to verify the checksum.
  function unsure(arrival)
    if damaged(arrival) then return "third-party" end
    if arrival.segment.truncated or not arrival.segment.options.complete then
      return "truncated"
    end
    return ""
  end

  -- core/rules/extensions.py:54: Why the SYN that this SYN-ACK answers may have been another than the captured ones.
  -- `asked`: by some copy.
  function doubt_about_question(arrival, asked)
    local why = unreadable(arrival.peer.opening)
    if why == "" then why = unsure(arrival) end
    if why == "" and asked then
      why = "order"
    elseif why == "" and not answers_copy(arrival) then
      why = "hole"
    end
    return why
  end

  -- core/rules/extensions.py:66: OP019: the SYN-ACK agrees to Multipath TCP, declines it, or brings it in unasked (RFC
  -- 8684 §3.1, §3.2).
  local function multipath_answer(arrival)
    local asker = arrival.peer
    local offers = asker.opening.offers
    local subtype = arrival.segment.options.mptcp
    if asker.opening.alone_frame == 0 or not answers_syn(arrival, asker) or list_is_broken(arrival) then
      return
    end
    if arrival.own.opening.alone_frame > 0 or subtype > MP_JOIN then return end
    local frame = syn_frame(asker)
    if subtype < 0 then
      if band(offers, NO_MULTIPATH) == 0 and unsure(arrival) == "" then
        observed(arrival, HANDSHAKE, "OP019", "fallback", frame, -1, -1)
      end
      return
    end
    local wanted = band(offers, CAPABLE) ~= 0
    if subtype == MP_JOIN then wanted = band(offers, JOIN) ~= 0 end
    if wanted and band(offers, NO_MULTIPATH) == 0 then
      if unsure(arrival) == "" then
        observed(arrival, HANDSHAKE, "OP019", "agreed", frame, subtype, -1)
      end
      return
    end
    local why = doubt(arrival)
    if why == "" then why = doubt_about_question(arrival, wanted) end
    report(arrival, "OP019", "unsolicited", why, frame, subtype, -1)
  end

  -- core/rules/extensions.py:93: OP019: an option that ends all subflows, or gives the reason of a RST (RFC 8684 §3.5,
  -- §3.6).
  local function multipath_ends(arrival)
    local subtype = arrival.segment.options.mptcp
    if damaged(arrival) or list_is_broken(arrival) then return end
    if subtype == MP_FASTCLOSE then
      observed(arrival, phase_of_header(arrival), "OP019", "fast-close", 0, subtype, -1)
    elseif subtype == MP_TCPRST and arrival.rst then
      observed(arrival, phase_of_header(arrival), "OP019", "reset-reason", 0, subtype, -1)
    end
  end

  -- core/rules/extensions.py:104: OP022: a SYN-ACK without signature for a SYN that has one (RFC 2385 §2.0, RFC 5925
  -- §7.1).
  local function unsigned_answer(arrival)
    local options = arrival.segment.options
    local asker = arrival.peer
    local offers = asker.opening.offers
    if options.md5 or options.ao or asker.opening.alone_frame == 0 or not answers_syn(arrival, asker) then
      return
    end
    if list_is_broken(arrival) or arrival.own.opening.alone_frame > 0 then return end
    local why = doubt_about_question(arrival, false)
    if why == "" and band(offers, NO_SIGNED) ~= 0 then why = "order" end
    report(arrival, "OP022", "answer-without", why, syn_frame(asker), -1, -1)
  end

  -- core/rules/extensions.py:119: OP022: a later segment without signature of an end whose SYNs had one.
  local function missing_authentication(arrival)
    local own = arrival.own
    local options = arrival.segment.options
    if options.md5 or options.ao or band(own.opening.offers, SIGNED) == 0 or list_is_broken(arrival) then
      return
    end
    if arrival.rst then
      if not damaged(arrival) and options.complete then
        observed(arrival, phase_of_header(arrival), "OP022", "reset-without", syn_frame(own), -1, -1)
      end
      return
    end
    if not arrival.has_ack then return end
    local why = unreadable(own.opening)
    if why == "" then why = unsure(arrival) end
    if why == "" and band(own.opening.offers, NO_SIGNED) ~= 0 then
      why = "order"
    elseif why == "" and arrival.segment.hop_limit ~= own.opening.hop_limit then
      why = "third-party"
    elseif why == "" and not arrival.peer.iss_seen then
      why = "mid-stream"
    elseif why == "" then
      why = elsewhere(arrival)
    end
    report(arrival, "OP022", "without", why, syn_frame(own), arrival.length, -1)
  end

  -- core/rules/extensions.py:145: OP023: kinds that no table here holds, and those kept for experiments (RFC 6994).
  local function unknown_options(arrival)
    local options = arrival.segment.options
    if list_is_broken(arrival) then return end
    local phase = phase_of_header(arrival)
    for _, kind in ipairs(options.unknown) do
      if kind >= 253 and options.experiment < 0 then
        report(arrival, "OP023", "no-identifier", unsure(arrival), 0, kind, -1)
      elseif damaged(arrival) then
        goto next_151
      elseif kind < 253 then
        local name = "unknown"
        for _, optimiser in ipairs(OPTIMISERS) do
          if kind == optimiser then name = "optimiser" end
        end
        observed(arrival, phase, "OP023", name, 0, kind, -1)
      else
        observed(arrival, phase, "OP023", "experiment", 0, kind, options.experiment)
      end
      ::next_151::
    end
  end

  core.rules.extensions = { LONGEST_COOKIE = LONGEST_COOKIE, SHORTEST_COOKIE = SHORTEST_COOKIE, MP_CAPABLE = MP_CAPABLE,
      MP_JOIN = MP_JOIN, MP_FASTCLOSE = MP_FASTCLOSE, MP_TCPRST = MP_TCPRST, OPTIMISERS = OPTIMISERS,
      fast_open_option = fast_open_option, unsure = unsure, doubt_about_question = doubt_about_question,
      multipath_answer = multipath_answer, multipath_ends = multipath_ends, unsigned_answer = unsigned_answer,
      missing_authentication = missing_authentication, unknown_options = unknown_options }
end

-- core/rules/payload.py: OP004, OP005, OP008: the sizes that a SYN announces, of segments and of windows, and what is
-- then sent.
do
  local from = core.calm
  local DEFAULT_MSS, ORDINARY_PAYLOAD = from.DEFAULT_MSS, from.ORDINARY_PAYLOAD
  from = core.connection
  local Suspect = from.Suspect
  from = core.evidence
  local damaged = from.damaged
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, OTHER, VIOLATES = from.HANDSHAKE, from.INCONCLUSIVE, from.OTHER, from.VIOLATES
  from = core.note
  local conclude, known, leaves_open, notes = from.conclude, from.known, from.leaves_open, from.notes
  from = core.offer
  local BROKEN, CUT = from.BROKEN, from.CUT
  from = core.rules.negotiation
  local elsewhere, syn_frame = from.elsewhere, from.syn_frame
  local is_beyond_packet
  local DEFAULT_MSS_6 = 1220
  local SMALLEST_MSS = 64
  local LARGEST_MSS = 65495
  local LARGEST_MSS_6 = 65475
  local JUMBO = 65535
  local ENOUGH = 3
  local STEEP_SHIFT = 4
  local SMALL = 65535

  -- core/rules/payload.py:26: The MSS that the peer of this end must keep to; -1 when the capture does not tell.
  local function limit_of(endpoint, key)
    local opening = endpoint.opening
    if not endpoint.iss_seen or band(opening.offers, BROKEN) ~= 0 then return -1 end
    if opening.mss >= 0 then return opening.mss end
    if band(opening.offers, CUT) ~= 0 then return -1 end
    if #key == 12 then return DEFAULT_MSS end
    return DEFAULT_MSS_6
  end

  -- core/rules/payload.py:40: OP005: remember a payload above what the peer takes (RFC 9293 §3.7.1 MUST-16), the first
  -- three of them.
  local function keep_large_payload(arrival)
    local segment = arrival.segment
    if arrival.syn or arrival.rst or damaged(arrival) or segment.padding or not arrival.new then
      return
    end
    local limit = limit_of(arrival.peer, segment.key)
    if limit < SMALLEST_MSS or arrival.length <= limit - (segment.header_stated - 20) then
      return
    end
    if elsewhere(arrival) ~= "" then return end
    local opening = arrival.own.opening
    local why = ""
    if arrival.length > ORDINARY_PAYLOAD then why = "third-party" end
    local count = 0
    local one = opening.suspects
    while one ~= nil do
      if one.code == "OP005" and one.why == why then count = count + 1 end
      one = one.before
    end
    if count < ENOUGH then
      opening.suspects = Suspect("OP005", arrival.frame, arrival.time, why, opening.suspects)
      opening.suspects.number = arrival.length
    end
  end

  -- core/rules/payload.py:65: The capture shows what a network card has not finished: it was taken on an end.
  local function puts_together(ending)
    for _, finding in ipairs(ending.connection.findings) do
      if finding.code == "CA009" and finding.kind ~= "super-segment" then return true end
    end
    return false
  end

  -- core/rules/payload.py:73: OP005: three payloads above the peer's MSS, none of which can be a block of several
  -- segments.
  local function payload_exceeds_mss(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      local blocks = puts_together(ending)
      local count = 0
      local first = nil
      local one = endpoint.opening.suspects
      while one ~= nil do
        if one.code == "OP005" then
          if one.why ~= "" then
            blocks = true
          else
            count = count + 1
            first = one
          end
        end
        one = one.before
      end
      if first == nil or blocks then goto next_75 end
      local limit = limit_of(peer, ending.connection.chain.key)
      local frame = syn_frame(peer)
      local why = ""
      if known(ending.connection.findings, "OP017", "mss-changed", VIOLATES, "", peer.side) ~= nil then
        why = "order"
      elseif count < ENOUGH then
        why = "third-party"
      end
      local verdict = VIOLATES
      if why ~= "" then verdict = INCONCLUSIVE end
      local side = endpoint.side
      conclude(ending, OTHER, "OP005", "too-large", verdict, why, side, first.frame, frame, first.number, limit)
      ::next_75::
    end
  end

  -- core/rules/payload.py:105: OP004: no MSS on a SYN or SYN-ACK (RFC 9293 §3.7.1 SHLD-5), or one that no packet can be
  -- that large or small for.
  local function odd_mss(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      local opening = endpoint.opening
      local frame = syn_frame(endpoint)
      if not endpoint.iss_seen or frame == 0 or band(opening.offers, BROKEN) ~= 0 then
        goto next_110
      end
      if opening.mss < 0 then
        local large = known(ending.findings, "OP005", "too-large", VIOLATES, "", peer.side)
        local doubtful = known(ending.findings, "OP005", "too-large", INCONCLUSIVE, "third-party", peer.side)
        if band(opening.offers, CUT) ~= 0 then goto next_110 end
        if doubtful ~= nil then
          leaves_open(ending, HANDSHAKE, "OP004", "needed", "third-party", endpoint.side, frame, doubtful.frame,
              doubtful.n1, doubtful.n2)
        elseif large ~= nil and endpoint.ackmax > peer.iss + large.n1 then
          conclude(ending, HANDSHAKE, "OP004", "needed", VIOLATES, "", endpoint.side, frame, large.frame, large.n1,
              large.n2)
        else
          notes(ending, HANDSHAKE, "OP004", "missing", endpoint.side, frame, 0, -1, -1)
        end
      elseif opening.mss < SMALLEST_MSS then
        notes(ending, HANDSHAKE, "OP004", "too-small", endpoint.side, frame, 0, opening.mss, -1)
      elseif is_beyond_packet(opening.mss, ending.connection.chain.key) then
        notes(ending, HANDSHAKE, "OP004", "too-large", endpoint.side, frame, 0, opening.mss, -1)
      end
      ::next_110::
    end
  end

  -- core/rules/payload.py:156: No packet has room for so much; in IPv6, 65535 stands for jumbograms.
  function is_beyond_packet(mss, key)
    if #key == 12 then return mss > LARGEST_MSS end
    return LARGEST_MSS_6 < mss and mss < JUMBO
  end

  -- core/rules/payload.py:163: OP008: an end that announces after the handshake the very number that stood on its SYN,
  -- now scaled.
  local function unscaled_syn_window(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local peer = ending.connection.ends[2 - endpoint.side]
      local opening = endpoint.opening
      if opening.wscale < STEEP_SHIFT or peer.opening.wscale < 0 or not endpoint.iss_seen or not peer.iss_seen then
        goto next_168
      end
      local later = endpoint.segments - opening.alone_copies - opening.answer_copies
      if endpoint.raw_window == opening.window and later >= ENOUGH and peer.nxt - peer.iss <= SMALL then
        notes(ending, OTHER, "OP008", "same-window", endpoint.side, endpoint.last_frame, syn_frame(endpoint),
            opening.window, opening.wscale)
      end
      ::next_168::
    end
  end

  core.rules.payload = { DEFAULT_MSS_6 = DEFAULT_MSS_6, SMALLEST_MSS = SMALLEST_MSS, LARGEST_MSS = LARGEST_MSS,
      LARGEST_MSS_6 = LARGEST_MSS_6, JUMBO = JUMBO, ENOUGH = ENOUGH, STEEP_SHIFT = STEEP_SHIFT, SMALL = SMALL,
      limit_of = limit_of, keep_large_payload = keep_large_payload, puts_together = puts_together,
      payload_exceeds_mss = payload_exceeds_mss, odd_mss = odd_mss, is_beyond_packet = is_beyond_packet,
      unscaled_syn_window = unscaled_syn_window }
end

-- core/rules/timestamps.py: OP: the timestamps option (RFC 7323 §3): offered, agreed on, echoed, and then in every
-- segment.
do
  local from = core.evidence
  local damaged, reopened, reset_before, stranger = from.damaged, from.reopened, from.reset_before, from.stranger
  from = core.incarnation
  local answers_syn = from.answers_syn
  from = core.model
  local HANDSHAKE, PSH = from.HANDSHAKE, from.PSH
  from = core.note
  local undecided, violates = from.undecided, from.violates
  from = core.offer
  local NO_STAMPS, STAMPS, USED_STAMPS, answers_copy, in_between, refused_timestamps = from.NO_STAMPS, from.STAMPS,
      from.USED_STAMPS, from.answers_copy, from.in_between, from.refused_timestamps
  from = core.sequence
  local between, difference, larger, size, smaller = from.between, from.difference, from.larger, from.size, from.smaller
  from = core.rules.negotiation
  local elsewhere, syn_frame, unreadable = from.elsewhere, from.syn_frame, from.unreadable
  from = core.rules.options
  local doubt, list_is_broken, report = from.doubt, from.list_is_broken, from.report
  local doubt_about_agreement, doubt_about_sender, took_long
  local NEAR_STAMP = 16777216
  local TICKS_IN_MICROSECOND = 2
  local AMBIGUOUS = 1073741824
  local SHORTEST_RETRY = 900000

  -- core/rules/timestamps.py:23: OP011: a SYN that acknowledges nothing echoes a timestamp (RFC 7323 §3.2: TSecr SHOULD
  -- be 0 without ACK).
  local function nonzero_tsecr_in_syn(arrival)
    local tsecr = arrival.segment.tsecr
    if tsecr <= 0 or list_is_broken(arrival) then return end
    if damaged(arrival) then
      undecided(arrival, HANDSHAKE, "OP011", "echo-in-syn", "third-party", 0, tsecr, -1)
    elseif arrival.segment.truncated then
      undecided(arrival, HANDSHAKE, "OP011", "echo-in-syn", "truncated", 0, tsecr, -1)
    else
      violates(arrival, HANDSHAKE, "OP011", "echo-in-syn", 0, tsecr, -1)
    end
  end

  -- core/rules/timestamps.py:36: OP012: a SYN-ACK with timestamps, though no SYN offered them (RFC 7323 §3.2); crossing
  -- SYNs are exempt.
  local function unoffered_timestamps(arrival)
    local asker = arrival.peer
    if arrival.segment.tsval < 0 or arrival.own.opening.alone_frame > 0 or list_is_broken(arrival) then
      return
    end
    local offers = asker.opening.offers
    if not asker.iss_seen or not answers_syn(arrival, asker) or band(offers, NO_STAMPS) == 0 or
        answers_copy(arrival) then
      return
    end
    local why = unreadable(asker.opening)
    if why == "" and band(offers, STAMPS) ~= 0 then
      why = "order"
    elseif why == "" and damaged(arrival) then
      why = "third-party"
    elseif why == "" and arrival.segment.truncated then
      why = "truncated"
    elseif why == "" and arrival.segment.tsecr > 0 then
      why = "hole"
    end
    report(arrival, "OP012", "not-offered", why, syn_frame(asker), -1, -1)
  end

  -- core/rules/timestamps.py:56: OP013: TSecr against the timestamps of the peer's SYNs, of which `first` was sent at
  -- `since` (µs).
  local function judge_echo(arrival, first, since, why)
    local segment = arrival.segment
    if segment.tsecr < 0 or first < 0 or in_between(segment.tsecr, first, arrival.peer.tsval) then
      return
    end
    local reach = NEAR_STAMP + TICKS_IN_MICROSECOND * larger(0, arrival.time - since)
    local kind = "wrong-echo"
    if segment.tsecr == 0 then kind = "zero-echo" end
    if damaged(arrival) then
      why = "third-party"
    elseif segment.truncated then
      why = "truncated"
    elseif why == "" and arrival.engine.clock_breaks > arrival.connection.breaks then
      why = "order"
    elseif why == "" and size(difference(segment.tsecr, first)) <= reach then
      why = "hole"
    end
    report(arrival, "OP013", kind, why, syn_frame(arrival.peer), segment.tsecr, first)
  end

  -- core/rules/timestamps.py:79: OP013: the SYN-ACK echoes no timestamp of the SYN (RFC 7323 §3.2: MUST echo what it
  -- received).
  local function wrong_echo_of_syn(arrival)
    local asker = arrival.peer
    if asker.iss_seen and asker.opening.alone_frame > 0 and answers_syn(arrival, asker) then
      judge_echo(arrival, asker.opening.tsval, asker.opening.alone_time, "")
    end
  end

  -- core/rules/timestamps.py:86: OP013: the third step echoes no timestamp of the SYN-ACK. Only a segment that shows
  -- nothing later is judged.
  local function wrong_echo_of_synack(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if own.opening.alone_frame == 0 or peer.opening.answer_frame == 0 or peer.opening.alone_frame > 0 then
      return
    end
    if arrival.ack ~= peer.iss + 1 or not between(own.iss + 1, arrival.seq, own.nxt) then
      return
    end
    local why = ""
    if stranger(arrival) then
      why = "third-party"
    elseif reopened(arrival.connection) or reset_before(arrival.connection) then
      why = "order"
    elseif peer.segments > peer.opening.answer_copies then
      why = "hole"
    end
    judge_echo(arrival, peer.opening.tsval, peer.opening.answer_time, why)
  end

  -- core/rules/timestamps.py:104: OP014: timestamps on a later segment, though one of the SYNs did not have them (RFC
  -- 7323 §3.2: ignored).
  local function unnegotiated_timestamps(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if band(own.opening.offers, NO_STAMPS) == 0 and band(peer.opening.offers, NO_STAMPS) == 0 then
      return
    end
    if not arrival.has_ack or list_is_broken(arrival) then return end
    local why = doubt_about_agreement(arrival)
    if why == "" and not refused_timestamps(own.opening) and not refused_timestamps(peer.opening) then
      why = "order"
    elseif why == "" then
      why = doubt_about_sender(arrival)
    end
    local frame = syn_frame(peer)
    if band(own.opening.offers, NO_STAMPS) ~= 0 then frame = syn_frame(own) end
    report(arrival, "OP014", "not-negotiated", why, frame, -1, -1)
  end

  -- core/rules/timestamps.py:123: Why it is not known what the SYNs agreed on; "" when both were captured whole.
  function doubt_about_agreement(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if not own.iss_seen or not peer.iss_seen then return "mid-stream" end
    local why = unreadable(peer.opening)
    if why == "" then why = unreadable(own.opening) end
    return why
  end

  -- core/rules/timestamps.py:135: Why the segment may not be of this end, or not of this connection.
  function doubt_about_sender(arrival)
    if damaged(arrival) or arrival.segment.hop_limit ~= arrival.own.opening.hop_limit then
      return "third-party"
    end
    return elsewhere(arrival)
  end

  -- core/rules/timestamps.py:142: OP015: a segment without timestamps, though both SYNs agreed on them (RFC 7323 §3.2:
  -- every segment but RST).
  local function missing_timestamps(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if refused_timestamps(own.opening) or refused_timestamps(peer.opening) or list_is_broken(arrival) then
      return
    end
    local used = band(own.opening.offers, USED_STAMPS) ~= 0
    if (not own.iss_seen or not peer.iss_seen) and not used then return end
    if not arrival.has_ack then return end
    local keep_alive = arrival.length == 1 and band(arrival.flags, PSH) == 0
    local kind = "data-without"
    if arrival.fin then
      kind = "fin-without"
    elseif arrival.length == 0 or keep_alive or arrival.segment.padding then
      kind = "ack-without"
    end
    local why = doubt_about_agreement(arrival)
    if arrival.segment.truncated or not arrival.segment.options.complete then
      why = "truncated"
    elseif why == "" and #arrival.segment.options.unknown > 0 then
      why = doubt(arrival)
    end
    if why == "" and (band(own.opening.offers, NO_STAMPS) ~= 0 or band(peer.opening.offers, NO_STAMPS) ~= 0) then
      why = "order"
    elseif why == "" and not used and own.opening.alone_frame > 0 and took_long(arrival) then
      why = "hole"
    elseif why == "" then
      why = doubt_about_sender(arrival)
    end
    report(arrival, "OP015", kind, why, syn_frame(peer), arrival.length, -1)
  end

  -- core/rules/timestamps.py:176: The opening took so long that the SYN may have been sent once more.
  function took_long(arrival)
    local connection = arrival.connection
    if arrival.peer.opening.answer_frame == 0 or #connection.chain.past > 0 then
      return true
    end
    local first = smaller(connection.first_time, smaller(arrival.own.opening.alone_time,
        arrival.peer.opening.answer_time))
    local last = larger(arrival.own.opening.alone_time, arrival.peer.opening.answer_time)
    if connection.third_frame > 0 then
      last = larger(last, connection.third_time)
    else
      last = larger(last, arrival.time)
    end
    return last - first >= SHORTEST_RETRY
  end

  -- core/rules/timestamps.py:193: OP016: a segment with new octets shows an earlier clock than its sender has shown
  -- (RFC 7323 §4.1, §5.4).
  local function timestamp_backwards(arrival)
    local own = arrival.own
    local tsval = arrival.segment.tsval
    local back = difference(own.tsval, tsval)
    if back <= 1 or arrival.seq < own.nxt or arrival.right == arrival.seq or list_is_broken(arrival) then
      return
    end
    local why = doubt_about_agreement(arrival)
    if arrival.segment.truncated then
      why = "truncated"
    elseif why == "" then
      why = doubt_about_sender(arrival)
    end
    if why == "" and arrival.time - own.last_time >= AMBIGUOUS then
      why = "order"
    elseif why == "" and arrival.engine.clock_breaks > arrival.connection.breaks then
      why = "order"
    elseif why == "" and arrival.ack <= own.ackmax and difference(tsval, own.opening.tsval) >= 0 then
      why = "order"
    end
    report(arrival, "OP016", "backwards", why, own.last_frame, back, -1)
  end

  core.rules.timestamps = { NEAR_STAMP = NEAR_STAMP, TICKS_IN_MICROSECOND = TICKS_IN_MICROSECOND, AMBIGUOUS = AMBIGUOUS,
      SHORTEST_RETRY = SHORTEST_RETRY, nonzero_tsecr_in_syn = nonzero_tsecr_in_syn,
      unoffered_timestamps = unoffered_timestamps, judge_echo = judge_echo, wrong_echo_of_syn = wrong_echo_of_syn,
      wrong_echo_of_synack = wrong_echo_of_synack, unnegotiated_timestamps = unnegotiated_timestamps,
      doubt_about_agreement = doubt_about_agreement, doubt_about_sender = doubt_about_sender,
      missing_timestamps = missing_timestamps, took_long = took_long, timestamp_backwards = timestamp_backwards }
end

-- core/rules/urgent.py: FL009: the urgent pointer (RFC 9293 §3.1, §3.8.5): an offset to the number behind the urgent
-- octets, with URG only.
do
  local from = core.connection
  local Suspect = from.Suspect
  from = core.evidence
  local damaged, stranger = from.damaged, from.stranger
  from = core.model
  local OTHER, URG, VIOLATES = from.OTHER, from.URG, from.VIOLATES
  from = core.note
  local conclude, leaves_open, observed, phase_of_header = from.conclude, from.leaves_open, from.observed,
      from.phase_of_header
  from = core.rules.negotiation
  local elsewhere = from.elsewhere
  from = core.rules.options
  local report = from.report
  local keep_urgent, judge_pointer

  -- core/rules/urgent.py:15: FL009: a pointer without URG is a note, URG that points at nothing a warning.
  local function inconsistent_urgent_pointer(arrival)
    local segment = arrival.segment
    local pointer = segment.urgent
    if band(arrival.flags, URG) == 0 then
      if pointer > 0 and not damaged(arrival) then
        observed(arrival, phase_of_header(arrival), "FL009", "pointer-without-urg", 0, pointer, -1)
      end
      return
    end
    if not arrival.has_ack and not arrival.syn and not arrival.rst then return end
    local why = ""
    if damaged(arrival) or stranger(arrival) then
      why = "third-party"
    elseif pointer < 0 then
      why = "truncated"
    end
    if pointer <= 0 then
      if arrival.syn then return end
      report(arrival, "FL009", "no-pointer", why, 0, -1, -1)
    elseif arrival.syn or arrival.rst then
      report(arrival, "FL009", "nothing-urgent", why, 0, pointer, -1)
    elseif why == "" and arrival.seq + pointer > arrival.right and elsewhere(arrival) == "" then
      keep_urgent(arrival, pointer)
    end
  end

  -- core/rules/urgent.py:40: Remember the segment that points furthest.
  function keep_urgent(arrival, pointer)
    local opening = arrival.own.opening
    local one = opening.suspects
    while one ~= nil do
      if one.code == "FL009" then
        if arrival.seq + pointer > one.number then
          one.number = arrival.seq + pointer
          one.frame = arrival.frame
        end
        return
      end
      one = one.before
    end
    opening.suspects = Suspect("FL009", arrival.frame, arrival.time, "", opening.suspects)
    opening.suspects.number = arrival.seq + pointer
  end

  -- core/rules/urgent.py:55: FL009: the FIN stands in front of where the pointer pointed.
  local function urgent_that_never_came(ending)
    for _, endpoint in ipairs(ending.connection.ends) do
      local one = endpoint.opening.suspects
      while one ~= nil do
        if one.code == "FL009" then
          judge_pointer(ending, endpoint, one)
        end
        one = one.before
      end
    end
  end

  -- core/rules/urgent.py:65: One of them.
  function judge_pointer(ending, endpoint, one)
    local closing = endpoint.closing
    local beyond
    if closing.fin >= 0 then
      beyond = one.number - closing.fin
      if beyond > 0 then
        conclude(ending, OTHER, "FL009", "nothing-urgent", VIOLATES, "", endpoint.side, one.frame, closing.frame,
            beyond, -1)
      end
    elseif one.number > endpoint.nxt then
      beyond = one.number - endpoint.nxt
      leaves_open(ending, OTHER, "FL009", "nothing-urgent", "capture-end", endpoint.side, one.frame, 0, beyond, -1)
    end
  end

  core.rules.urgent = { inconsistent_urgent_pointer = inconsistent_urgent_pointer, keep_urgent = keep_urgent,
      urgent_that_never_came = urgent_that_never_came, judge_pointer = judge_pointer }
end

-- core/rules/reset_extra.py: RS011, RS018, RS019 and RS021: what a RST carries, and what it tells by being sent.
do
  local from = core.calm
  local FULL = from.FULL
  from = core.connection
  local Suspect = from.Suspect
  from = core.distance
  local near = from.near
  from = core.evidence
  local damaged, reopened = from.damaged, from.reopened
  from = core.model
  local HANDSHAKE, INCONCLUSIVE, OBSERVED, TEARDOWN, VIOLATES = from.HANDSHAKE, from.INCONCLUSIVE, from.OBSERVED,
      from.TEARDOWN, from.VIOLATES
  from = core.note
  local add, conclude, known, leaves_open, observed, ran, undecided = from.add, from.conclude, from.known,
      from.leaves_open, from.observed, from.ran, from.undecided
  from = core.offer
  local refused_timestamps = from.refused_timestamps
  from = core.outcome
  local SETTLED = from.SETTLED
  from = core.sequence
  local difference, larger, size = from.difference, from.larger, from.size
  from = core.rules.reset_after
  local round_trip = from.round_trip
  from = core.rules.reset_number
  local NEAR_REPLY = from.NEAR_REPLY
  local find_challenge, reply_time
  local REPLY_TIME = 1000000
  local CHALLENGES = 2

  -- core/rules/reset_extra.py:23: For RS011: a FIN whose sender has little or no room left: it has not read what it
  -- received.
  local function keep_full_window(arrival)
    local own = arrival.own
    if own.closing.fin >= 0 or not arrival.has_ack or arrival.segment.window < 0 or damaged(arrival) then
      return
    end
    if arrival.segment.window * FULL < own.raw_window then
      own.opening.suspects = Suspect("RS011", arrival.frame, arrival.time, "", own.opening.suspects)
      own.opening.suspects.number = arrival.segment.window
    end
  end

  -- core/rules/reset_extra.py:33: RS011: a FIN with a full buffer, and a RST when more data come: a hint of unread data
  -- (RFC 2525 §2.17).
  local function unread_data_orderly_close(arrival)
    local own = arrival.own
    if own.closing.fin < 0 or arrival.peer.seen <= own.ackmax or own.closing.rst_count > 0 then
      return
    end
    local one = own.opening.suspects
    while one ~= nil do
      if one.code == "RS011" then
        undecided(arrival, TEARDOWN, "RS011", "unread", "far-tap", one.frame, one.number, own.raw_window)
      end
      one = one.before
    end
  end

  -- core/rules/reset_extra.py:45: RS018: payload on a RST. It is no part of the stream.
  local function reset_with_data(arrival)
    if arrival.length == 0 or damaged(arrival) then return end
    if not arrival.segment.length_known then
      undecided(arrival, TEARDOWN, "RS018", "data", "truncated", 0, arrival.length, -1)
    elseif arrival.segment.padding then
      undecided(arrival, TEARDOWN, "RS018", "data", "third-party", 0, arrival.length, -1)
    else
      observed(arrival, TEARDOWN, "RS018", "data", 0, arrival.length, -1)
    end
  end

  -- core/rules/reset_extra.py:57: RS019: timestamps were agreed on, and this RST has none, or echoes one that its peer
  -- never sent.
  local function reset_with_timestamp(arrival)
    local own = arrival.own
    local peer = arrival.peer
    local segment = arrival.segment
    if own.opening.tsval < 0 or peer.opening.tsval < 0 or damaged(arrival) then return end
    if refused_timestamps(own.opening) or refused_timestamps(peer.opening) then return end
    if segment.tsval < 0 then
      if segment.options.complete then
        observed(arrival, TEARDOWN, "RS019", "absent", own.last_frame, -1, -1)
      else
        undecided(arrival, TEARDOWN, "RS019", "absent", "truncated", own.last_frame, -1, -1)
      end
    elseif arrival.has_ack and difference(segment.tsecr, peer.opening.tsval) < 0 then
      if segment.tsecr > 0 then
        observed(arrival, TEARDOWN, "RS019", "strange-echo", peer.last_frame, segment.tsecr, -1)
      end
    elseif arrival.has_ack and difference(segment.tsecr, peer.tsval) > 0 then
      undecided(arrival, TEARDOWN, "RS019", "strange-echo", "hole", peer.last_frame, segment.tsecr, -1)
    end
  end

  -- core/rules/reset_extra.py:78: RS021: the RST that confirms a challenge ACK stands just beside the number it names
  -- (RFC 5961 §3.2, §4.2).
  local function challenge_reset_wrong_number(arrival)
    local own = arrival.own
    local peer = arrival.peer
    if damaged(arrival) or arrival.has_ack then return end
    local away = arrival.seq - peer.last_ack
    if away == 0 or size(away) > NEAR_REPLY or arrival.seq == own.nxt then return end
    local challenge = find_challenge(arrival.connection, peer.side)
    if challenge == nil or peer.last_frame ~= challenge.last_frame then return end
    if own.last_frame > challenge.last_frame or arrival.time - peer.last_time > reply_time(arrival.connection) then
      return
    end
    local why = challenge.why
    if why == "" and reopened(arrival.connection) then why = "order" end
    local verdict = VIOLATES
    if why ~= "" then verdict = INCONCLUSIVE end
    add(arrival, HANDSHAKE, "RS021", "wrong-seq", verdict, why, arrival.side, peer.last_frame, size(away), -1)
  end

  -- core/rules/reset_extra.py:101: The finding that this end has challenged a SYN, surely or not, or None.
  function find_challenge(connection, side)
    local challenge = known(connection.findings, "RS020", "challenge-ack", OBSERVED, "", side)
    if challenge == nil then
      challenge = known(connection.findings, "RS020", "challenge-ack", INCONCLUSIVE, "mid-stream", side)
    end
    return challenge
  end

  -- core/rules/reset_extra.py:109: µs in which a reply comes: a round trip, with room for its sender.
  function reply_time(connection)
    return larger(REPLY_TIME, round_trip(connection))
  end

  -- core/rules/reset_extra.py:114: RS021: a client repeats its SYN, is challenged each time, and does not reset what it
  -- cannot know.
  local function challenge_not_reset(ending)
    local connection = ending.connection
    for _, endpoint in ipairs(connection.ends) do
      local peer = connection.ends[2 - endpoint.side]
      local challenge = find_challenge(connection, endpoint.side)
      if challenge == nil or challenge.count < CHALLENGES or peer.closing.rst_count > 0 then
        goto next_117
      end
      if peer.last_frame > challenge.frame then goto next_117 end
      local why = challenge.why
      if why == "" and not near(connection, peer.side) then
        why = "far-tap"
      elseif why == "" and not ran(ending, endpoint.last_time, SETTLED) then
        why = "capture-end"
      end
      local frame = challenge.last_frame
      local first = challenge.frame
      local count = challenge.count
      if why == "" then
        conclude(ending, HANDSHAKE, "RS021", "not-reset", VIOLATES, "", peer.side, frame, first, count, -1)
      else
        leaves_open(ending, HANDSHAKE, "RS021", "not-reset", why, peer.side, frame, first, count, -1)
      end
      ::next_117::
    end
  end

  core.rules.reset_extra = { REPLY_TIME = REPLY_TIME, CHALLENGES = CHALLENGES, keep_full_window = keep_full_window,
      unread_data_orderly_close = unread_data_orderly_close, reset_with_data = reset_with_data,
      reset_with_timestamp = reset_with_timestamp, challenge_reset_wrong_number = challenge_reset_wrong_number,
      find_challenge = find_challenge, reply_time = reply_time, challenge_not_reset = challenge_not_reset }
end

-- core/expected.py: Which part of the short path a segment may take: the third step, data and their acknowledgments,
-- the close.
do
  local from = core.calm
  local LAST, LAST_PUSHED, PLAIN_ACK, PUSHED, pass_by, pass_close = from.LAST, from.LAST_PUSHED, from.PLAIN_ACK,
      from.PUSHED, from.pass_by, from.pass_close
  from = core.calm_open
  local complete_opening = from.complete_opening
  from = core.seen
  local mark_of, seen_of = from.mark_of, from.seen_of

  -- core/expected.py:12: The step of a segment that takes the short path, or None.
  local function let_pass(engine, segment, chain, connection)
    local flags = segment.flags
    local fin = flags == LAST or flags == LAST_PUSHED
    if flags ~= PLAIN_ACK and flags ~= PUSHED and not fin then return nil end
    local frame = segment.frame
    local time = segment.time
    local key = segment.key
    local seq = segment.seq
    local ack = segment.ack
    local length = segment.length
    local window = segment.window
    local tsval = segment.tsval
    local mark = mark_of(segment)
    local seen = seen_of(segment)
    if chain.fresh then
      if flags ~= PLAIN_ACK or length ~= 0 then return nil end
      local hop_limit = segment.hop_limit
      local tsecr = segment.tsecr
      if complete_opening(engine, chain, connection, frame, time, key, seq, ack, window, hop_limit, tsval, tsecr, mark,
          seen) then
        return engine.step
      end
      return nil
    end
    if connection.calm and not fin then
      if pass_by(engine, chain, connection, frame, time, key, flags, seq, ack, length, window, tsval, mark, seen) then
        return engine.calm_step
      end
    end
    if length == 0 and flags ~= PUSHED then
      if pass_close(engine, chain, connection, frame, time, key, flags, seq, ack, window, tsval, mark, seen) then
        return engine.step
      end
    end
    return nil
  end

  core.expected = { let_pass = let_pass }
end

-- core/flood.py: Lone SYNs in the engine: kept packed (core/lone), unpacked into a connection when more comes or when
-- they leave.
do
  local from = core.calm_open
  local open_by_answer = from.open_by_answer
  from = core.connection
  local Chain, Connection = from.Chain, from.Connection
  from = core.duplicate
  local keep = from.keep
  from = core.facts
  local place = from.place
  from = core.lone
  local is_packable, number_of, pack, time_of, unpack = from.is_packable, from.number_of, from.pack, from.time_of,
      from.unpack
  from = core.model
  local LISTEN, SYN, SYN_SENT = from.LISTEN, from.SYN, from.SYN_SENT
  from = core.registry
  local SILENT_KEPT, link, make_room = from.SILENT_KEPT, from.link, from.make_room
  from = core.rules.capture
  local offload_artefact = from.offload_artefact
  local keep_lone, unpack_lone, revive, retire_lone, trim_order, reverse_key

  -- core/flood.py:13: The chain of a pair not seen before. None when the segment is kept as a lone SYN, or answers one
  -- in order.
  local function find_or_make(engine, segment)
    local reverse = reverse_key(segment.key)
    local packed = engine.lone[segment.key]
    if packed ~= nil then return unpack_lone(engine, segment.key, reverse, packed) end
    packed = engine.lone[reverse]
    if packed ~= nil then
      if open_by_answer(engine, segment, reverse, packed) then return nil end
      unpack_lone(engine, reverse, segment.key, packed)
      return engine.chains[reverse]
    end
    if band(segment.flags, SYN) ~= 0 and is_packable(segment, engine.next_number) and reverse ~= segment.key then
      keep_lone(engine, segment)
      return nil
    end
    local chain = Chain(segment.key, reverse)
    engine.chains[segment.key] = chain
    engine.chains[reverse] = chain
    return chain
  end

  -- core/flood.py:34: A SYN with nobody else on its pair: five integers until more comes.
  function keep_lone(engine, segment)
    if engine.lone_count >= engine.settings.max_lone_syns then
      Engine.count_note(engine, "lone-syn-limit")
      retire_lone(engine)
    end
    local number = engine.next_number
    engine.next_number = engine.next_number + 1
    engine.lone[segment.key] = pack(segment, number)
    engine.lone_order[#engine.lone_order + 1] = segment.key
    engine.lone_count = engine.lone_count + 1
    keep(engine.recent, segment)
    local step = engine.step
    step.connection = number
    step.side = 0
    step.name = "handshake-1"
    step.again = false
    step.state0 = SYN_SENT
    step.state1 = LISTEN
    step.seq = 0
    step.ack = -1
  end

  -- core/flood.py:56: A second segment came: the lone SYN becomes a connection.
  function unpack_lone(engine, key, reverse, packed)
    engine.lone[key] = nil
    engine.lone_count = engine.lone_count - 1
    local connection = revive(engine, key, reverse, packed)
    local chain = connection.chain
    engine.chains[key] = chain
    engine.chains[reverse] = chain
    link(engine, connection)
    make_room(engine)
    return chain
  end

  -- core/flood.py:69: The connection that a lone SYN opened, in no table yet.
  function revive(engine, key, reverse, packed)
    local chain = Chain(key, reverse)
    local connection = Connection(number_of(packed), chain, engine.settings.outside_words)
    if engine.break_time >= time_of(packed) then
      connection.breaks = engine.clock_breaks - 1
    else
      connection.breaks = engine.clock_breaks
    end
    chain.current = connection
    Engine.load(engine, unpack(packed, key))
    engine.arrival.foreign = false
    engine.arrival.delayed = false
    engine.arrival.displaced = -1
    engine.arrival.committed = false
    place(engine.arrival, connection)
    offload_artefact(engine.arrival)
    Engine.apply(engine)
    return connection
  end

  -- core/flood.py:89: The connection of a lone SYN that leaves.
  local function take_lone(engine, key, packed)
    engine.lone[key] = nil
    engine.lone_count = engine.lone_count - 1
    local connection = revive(engine, key, reverse_key(key), packed)
    connection.chain.current = nil
    return connection
  end

  -- core/flood.py:98: The oldest lone SYN leaves.
  function retire_lone(engine)
    while engine.lone_at < #engine.lone_order do
      local key = engine.lone_order[engine.lone_at + 1]
      engine.lone_at = engine.lone_at + 1
      local packed = engine.lone[key]
      if packed ~= nil then
        engine.finished[#engine.finished + 1] = take_lone(engine, key, packed)
        trim_order(engine)
        return
      end
    end
  end

  -- core/flood.py:110: The lone SYNs that nobody answered for 600 s leave.
  local function retire_silent(engine)
    while engine.lone_at < #engine.lone_order do
      local packed = engine.lone[engine.lone_order[engine.lone_at + 1]]
      if packed == nil then
        engine.lone_at = engine.lone_at + 1
        trim_order(engine)
      elseif engine.now - time_of(packed) > SILENT_KEPT then
        retire_lone(engine)
      else
        return
      end
    end
  end

  -- core/flood.py:123: Forget the keys of lone SYNs that are gone, a block at a time.
  function trim_order(engine)
    if engine.lone_at < 8192 or 2 * engine.lone_at < #engine.lone_order then return end
    local kept = {}
    local index = engine.lone_at
    while index < #engine.lone_order do
      kept[#kept + 1] = engine.lone_order[index + 1]
      index = index + 1
    end
    engine.lone_order = kept
    engine.lone_at = 0
  end

  -- core/flood.py:136: The key of the other direction.
  function reverse_key(key)
    local size = floor((#key - 4) / 2)
    local ports = 2 * size
    return sub(key, size + 1, ports) .. sub(key, 1, size) .. sub(key, ports + 3, ports + 4) .. sub(key, ports + 1,
        ports + 2)
  end

  core.flood = { find_or_make = find_or_make, keep_lone = keep_lone, unpack_lone = unpack_lone, revive = revive,
      take_lone = take_lone, retire_lone = retire_lone, retire_silent = retire_silent, trim_order = trim_order,
      reverse_key = reverse_key }
end

-- core/rules/third_party.py: CA012: segments that neither end seems to have sent, and numbers that were taken out of
-- the capture.
do
  local from = core.evidence
  local damaged = from.damaged
  from = core.model
  local OTHER = from.OTHER
  from = core.note
  local notes, observed = from.notes, from.observed
  from = core.sequence
  local difference, size = from.difference, from.size
  from = core.rules.timestamps
  local NEAR_STAMP = from.NEAR_STAMP
  local OTHER_WAY = 4

  -- core/rules/third_party.py:17: CA012: the hop limit differs by more than a detour, and so does something else.
  local function third_party_segment(arrival)
    local own = arrival.own
    local segment = arrival.segment
    if arrival.syn or damaged(arrival) or own.opening.hop_limit < 0 or not own.iss_seen then
      return
    end
    if size(segment.hop_limit - own.opening.hop_limit) <= OTHER_WAY then return end
    local other_marks = false
    if arrival.rst then
      local closing = own.closing
      other_marks = closing.rst_frame > 0 and arrival.seq ~= closing.rst_seq
      if arrival.peer.ackmax >= 0 and arrival.seq ~= own.nxt and arrival.seq ~= arrival.peer.ackmax then
        other_marks = true
      end
    elseif own.tsval >= 0 and segment.tsval < 0 then
      other_marks = true
    elseif own.tsval >= 0 and size(difference(segment.tsval, own.tsval)) > NEAR_STAMP then
      other_marks = true
    end
    if other_marks then
      observed(arrival, OTHER, "CA012", "foreign", own.last_frame, segment.hop_limit, own.opening.hop_limit)
    end
  end

  -- core/rules/third_party.py:39: CA012: every sequence and acknowledgment number of the connection is 0. No rule about
  -- numbers can speak.
  local function removed_numbers(ending)
    local connection = ending.connection
    if connection.removed_numbers and connection.ends[1].segments > 0 and connection.ends[2].segments > 0 then
      if connection.segments > 2 then
        notes(ending, OTHER, "CA012", "removed-numbers", -1, connection.first_frame, 0, -1, -1)
      end
    end
  end

  core.rules.third_party = { OTHER_WAY = OTHER_WAY, third_party_segment = third_party_segment,
      removed_numbers = removed_numbers }
end

-- core/rules/table.py: Which rules hear of which event: the place where rules are registered, for every runtime.
do
  local from = core.model
  local AE, CWR, ECE = from.AE, from.CWR, from.ECE
  from = core.offer
  local MULTIPATH, NO_SCALE, NO_STAMPS, SIGNED = from.MULTIPATH, from.NO_SCALE, from.NO_STAMPS, from.SIGNED
  from = core.rules.accurate_ecn
  local accurate_answer, unknown_ecn_setup = from.accurate_answer, from.unknown_ecn_setup
  from = core.rules.capture
  local acknowledged_unseen_data, capture_starts_mid_stream = from.acknowledged_unseen_data,
      from.capture_starts_mid_stream
  from = core.rules.changed
  local options_changed_in_retry = from.options_changed_in_retry
  from = core.rules.close_time
  local reset_from_time_wait = from.reset_from_time_wait
  from = core.rules.cookie
  local syn_cookie_shape = from.syn_cookie_shape
  from = core.rules.crossing
  local half_open_recovery, keep_unacceptable_synack, old_duplicate_syn, simultaneous_open_wrong_number,
      unexpected_ack_to_syn = from.half_open_recovery, from.keep_unacceptable_synack, from.old_duplicate_syn,
      from.simultaneous_open_wrong_number, from.unexpected_ack_to_syn
  from = core.rules.early
  local fin_in_syn_received, keep_early = from.fin_in_syn_received, from.keep_early
  from = core.rules.extensions
  local multipath_answer, unsigned_answer = from.multipath_answer, from.unsigned_answer
  from = core.rules.handshake
  local accepted_wrong_number, challenge_provokes_syn, early_response, fast_open, malformed_opening_syn,
      measure_syn_gap, measure_synack_gap, provokes_syn, syn_retransmission, syn_with_data, synack_acks_wrong_number,
      synack_retransmission_changed, third_step = from.accepted_wrong_number, from.challenge_provokes_syn,
      from.early_response, from.fast_open, from.malformed_opening_syn, from.measure_syn_gap, from.measure_synack_gap,
      from.provokes_syn, from.syn_retransmission, from.syn_with_data, from.synack_acks_wrong_number,
      from.synack_retransmission_changed, from.third_step
  from = core.rules.header
  local bare_fin, missing_ack_flag, xmas_segment = from.bare_fin, from.missing_ack_flag, from.xmas_segment
  from = core.rules.many
  local synack_waits, synack_waits_no_more = from.synack_waits, from.synack_waits_no_more
  from = core.rules.negotiation
  local ecn_capable_syn, half_ecn_setup, unoffered_window_scale, unrequested_ecn = from.ecn_capable_syn,
      from.half_ecn_setup, from.unoffered_window_scale, from.unrequested_ecn
  from = core.rules.numbers
  local initial_numbers = from.initial_numbers
  from = core.rules.probe
  local answered_probe = from.answered_probe
  from = core.rules.reopen
  local active_closer_reopens_early, hear_old_reply, isn_inside_old_connection, keep_try, no_quiet_time, opened_unseen,
      time_wait_reopen_ineligible_syn = from.active_closer_reopens_early, from.hear_old_reply,
      from.isn_inside_old_connection, from.keep_try, from.no_quiet_time, from.opened_unseen,
      from.time_wait_reopen_ineligible_syn
  from = core.rules.reset
  local implausible_reset_number, refusal_wrong_number, reset_after_both_fins, reset_after_own_fin, reset_after_synack,
      reset_for_dead_connection, state_lost, syn_challenged = from.implausible_reset_number, from.refusal_wrong_number,
      from.reset_after_both_fins, from.reset_after_own_fin, from.reset_after_synack, from.reset_for_dead_connection,
      from.state_lost, from.syn_challenged
  from = core.rules.reset_after
  local inexact_reset, reset_challenged, traffic_after_own_reset = from.inexact_reset, from.reset_challenged,
      from.traffic_after_own_reset
  from = core.rules.reset_extra
  local challenge_reset_wrong_number, keep_full_window, reset_with_data, reset_with_timestamp,
      unread_data_orderly_close = from.challenge_reset_wrong_number, from.keep_full_window, from.reset_with_data,
      from.reset_with_timestamp, from.unread_data_orderly_close
  from = core.rules.reset_ignored
  local keep_ignored, reset_answering_reset, traffic_after_received_reset = from.keep_ignored,
      from.reset_answering_reset, from.traffic_after_received_reset
  from = core.rules.reset_number
  local reset_outside_window, reset_reply_wrong_number, reset_wrong_ack_field = from.reset_outside_window,
      from.reset_reply_wrong_number, from.reset_wrong_ack_field
  from = core.rules.retry
  local no_handshake_fallback, no_synack_fallback = from.no_handshake_fallback, from.no_synack_fallback
  from = core.rules.reuse
  local delayed_old_segment, reused_connection_pair, syn_inside_connection,
      time_wait_reopen_wrong_iss = from.delayed_old_segment, from.reused_connection_pair, from.syn_inside_connection,
      from.time_wait_reopen_wrong_iss
  from = core.rules.syn_data
  local keep_data_behind_syn_data, keep_early_response, still_without_syn_data, syn_data_acknowledged_in_part,
      third_step_behind_data = from.keep_data_behind_syn_data, from.keep_early_response, from.still_without_syn_data,
      from.syn_data_acknowledged_in_part, from.third_step_behind_data
  from = core.rules.teardown
  local ack_beyond_fin, data_after_fin, fin_before_end_of_data, fin_retransmission, fin_with_data, fin_without_ack,
      moved_fin, nothing_behind_fin, segment_after_close, wrong_seq_after_fin = from.ack_beyond_fin,
      from.data_after_fin, from.fin_before_end_of_data, from.fin_retransmission, from.fin_with_data,
      from.fin_without_ack, from.moved_fin, from.nothing_behind_fin, from.segment_after_close, from.wrong_seq_after_fin
  from = core.rules.third_step
  local prove_third_step, split_third_step, third_step_wrong_number = from.prove_third_step, from.split_third_step,
      from.third_step_wrong_number
  from = core.rules.timestamps
  local nonzero_tsecr_in_syn, unoffered_timestamps, wrong_echo_of_syn, wrong_echo_of_synack = from.nonzero_tsecr_in_syn,
      from.unoffered_timestamps, from.wrong_echo_of_syn, from.wrong_echo_of_synack
  from = core.rules.twice
  local same_answer_elsewhere = from.same_answer_elsewhere
  from = core.rules.unheard
  local hear, keep_repeated = from.hear, from.keep_repeated

  -- core/rules/table.py:103: The first segment of a connection, when it has no SYN.
  local function on_first(arrival)
    capture_starts_mid_stream(arrival)
  end

  -- core/rules/table.py:108: A segment of an incarnation that is gone.
  local function on_delayed(arrival)
    delayed_old_segment(arrival)
    provokes_syn(arrival)
    hear_old_reply(arrival)
    if arrival.rst then
      old_duplicate_syn(arrival)
    elseif arrival.syn and arrival.has_ack then
      keep_unacceptable_synack(arrival)
    end
  end

  -- core/rules/table.py:119: A SYN without ACK.
  local function on_syn(arrival)
    malformed_opening_syn(arrival)
    if arrival.connection.reuse_of >= 0 then
      reused_connection_pair(arrival)
      active_closer_reopens_early(arrival)
      isn_inside_old_connection(arrival)
      no_quiet_time(arrival)
      keep_try(arrival)
    end
    syn_retransmission(arrival)
    measure_syn_gap(arrival)
    no_handshake_fallback(arrival)
    options_changed_in_retry(arrival)
    syn_with_data(arrival)
    fast_open(arrival)
    local segment = arrival.segment
    if segment.tsecr > 0 then
      nonzero_tsecr_in_syn(arrival)
    end
    if band(segment.flags, ECE) ~= 0 or band(segment.flags, CWR) ~= 0 then
      half_ecn_setup(arrival)
    end
    if band(segment.flags, AE) ~= 0 then
      unknown_ecn_setup(arrival)
    end
    if segment.ecn > 0 then
      ecn_capable_syn(arrival)
    end
    delayed_old_segment(arrival)
    if arrival.rst then
      old_duplicate_syn(arrival)
    elseif arrival.syn and arrival.has_ack then
      keep_unacceptable_synack(arrival)
    end
  end

  -- core/rules/table.py:150: A SYN that opened a pending incarnation, looked at from the living connection.
  local function on_syn_inside(arrival)
    syn_inside_connection(arrival)
  end

  -- core/rules/table.py:155: A SYN with ACK.
  local function on_synack(arrival)
    synack_acks_wrong_number(arrival)
    keep_unacceptable_synack(arrival)
    simultaneous_open_wrong_number(arrival)
    synack_retransmission_changed(arrival)
    synack_waits(arrival)
    measure_synack_gap(arrival)
    no_synack_fallback(arrival)
    if arrival.peer.opening.length > 0 then
      syn_data_acknowledged_in_part(arrival)
    end
    if arrival.connection.reuse_of >= 0 then
      time_wait_reopen_wrong_iss(arrival)
      time_wait_reopen_ineligible_syn(arrival)
      reused_connection_pair(arrival)
      isn_inside_old_connection(arrival)
    end
    state_lost(arrival)
    fast_open(arrival)
    local segment = arrival.segment
    local asked = arrival.peer.opening
    if band(asked.offers, NO_SCALE) ~= 0 then
      unoffered_window_scale(arrival)
    end
    if band(asked.offers, NO_STAMPS) ~= 0 then
      unoffered_timestamps(arrival)
    end
    if segment.tsecr >= 0 and segment.tsecr ~= asked.tsval then
      wrong_echo_of_syn(arrival)
    end
    if band(segment.flags, ECE) ~= 0 then
      unrequested_ecn(arrival)
    end
    if band(segment.flags, CWR) ~= 0 or band(segment.flags, AE) ~= 0 then
      accurate_answer(arrival)
    end
    if segment.options.mptcp >= 0 or band(asked.offers, MULTIPATH) ~= 0 then
      multipath_answer(arrival)
    end
    if band(asked.offers, SIGNED) ~= 0 then
      unsigned_answer(arrival)
    end
    options_changed_in_retry(arrival)
    syn_cookie_shape(arrival)
    same_answer_elsewhere(arrival)
    if segment.ecn > 0 then
      ecn_capable_syn(arrival)
    end
  end

  -- core/rules/table.py:196: A segment with ACK, without SYN or RST, of an end that has not yet acknowledged its peer's
  -- SYN.
  local function on_opening_ack(arrival)
    accepted_wrong_number(arrival)
    third_step_wrong_number(arrival)
    if arrival.segment.tsecr >= 0 and arrival.segment.tsecr ~= arrival.peer.opening.tsval then
      wrong_echo_of_synack(arrival)
    end
    third_step_behind_data(arrival)
    third_step(arrival)
    if arrival.connection.third_frame == arrival.frame then
      opened_unseen(arrival)
      initial_numbers(arrival)
      synack_waits_no_more(arrival)
    end
    keep_early(arrival)
    unexpected_ack_to_syn(arrival)
  end

  -- core/rules/table.py:212: Payload of an end whose SYN is not yet acknowledged.
  local function on_opening_data(arrival)
    early_response(arrival)
    keep_early_response(arrival)
  end

  -- core/rules/table.py:218: Neither SYN nor RST, in a connection whose SYN carried data.
  local function after_syn_data(arrival)
    if arrival.length > 0 and arrival.own.opening.length > 0 then
      keep_data_behind_syn_data(arrival)
    elseif arrival.has_ack and arrival.peer.opening.length > 0 then
      still_without_syn_data(arrival)
    end
  end

  -- core/rules/table.py:226: A segment of a living connection while a SYN inside it waits for its answer.
  local function on_challenge(arrival)
    syn_challenged(arrival)
    challenge_provokes_syn(arrival)
  end

  -- core/rules/table.py:232: A segment with neither ACK nor SYN nor RST.
  local function on_missing_ack(arrival)
    xmas_segment(arrival)
    bare_fin(arrival)
    missing_ack_flag(arrival)
  end

  -- core/rules/table.py:239: A segment with ACK that does not take the short path.
  local function on_ack(arrival)
    if arrival.connection.early_ack then
      split_third_step(arrival)
    end
    if arrival.peer.opening.suspects ~= nil then
      prove_third_step(arrival)
    end
    acknowledged_unseen_data(arrival)
    ack_beyond_fin(arrival)
  end

  -- core/rules/table.py:249: A segment with FIN.
  local function on_fin(arrival)
    fin_in_syn_received(arrival)
    fin_without_ack(arrival)
    fin_before_end_of_data(arrival)
    moved_fin(arrival)
    keep_full_window(arrival)
    fin_with_data(arrival)
    fin_retransmission(arrival)
  end

  -- core/rules/table.py:260: A segment of an end that has already sent its FIN.
  local function after_fin(arrival)
    data_after_fin(arrival)
    wrong_seq_after_fin(arrival)
    nothing_behind_fin(arrival)
    segment_after_close(arrival)
  end

  -- core/rules/table.py:268: Data or a FIN, to an end that has already sent its FIN.
  local function after_peer_fin(arrival)
    keep_repeated(arrival)
  end

  -- core/rules/table.py:273: Any segment of an end that has left something unanswered since its FIN.
  local function of_silent_end(arrival)
    hear(arrival)
  end

  -- core/rules/table.py:278: A segment with RST.
  local function on_rst(arrival)
    answered_probe(arrival)
    prove_third_step(arrival)
    provokes_syn(arrival)
    hear_old_reply(arrival)
    synack_waits_no_more(arrival)
    refusal_wrong_number(arrival)
    keep_ignored(arrival)
    reset_after_synack(arrival)
    old_duplicate_syn(arrival)
    implausible_reset_number(arrival)
    reset_outside_window(arrival)
    reset_wrong_ack_field(arrival)
    inexact_reset(arrival)
    half_open_recovery(arrival)
    reset_reply_wrong_number(arrival)
    challenge_reset_wrong_number(arrival)
    reset_answering_reset(arrival)
    unread_data_orderly_close(arrival)
    reset_after_own_fin(arrival)
    reset_from_time_wait(arrival)
    reset_after_both_fins(arrival)
    reset_for_dead_connection(arrival)
    reset_with_data(arrival)
    reset_with_timestamp(arrival)
  end

  -- core/rules/table.py:306: A RST far from all numbers of the only connection on its pair.
  local function on_foreign_rst(arrival)
    reset_outside_window(arrival)
    old_duplicate_syn(arrival)
  end

  -- core/rules/table.py:312: Neither SYN nor RST, of an end that has sent a RST, or whose peer has.
  local function after_rst(arrival)
    if arrival.own.closing.rst_frame > 0 then
      traffic_after_own_reset(arrival)
    end
    if arrival.peer.closing.rst_frame > 0 then
      reset_challenged(arrival)
      traffic_after_received_reset(arrival)
    end
  end

  core.rules.table = { on_first = on_first, on_delayed = on_delayed, on_syn = on_syn, on_syn_inside = on_syn_inside,
      on_synack = on_synack, on_opening_ack = on_opening_ack, on_opening_data = on_opening_data,
      after_syn_data = after_syn_data, on_challenge = on_challenge, on_missing_ack = on_missing_ack, on_ack = on_ack,
      on_fin = on_fin, after_fin = after_fin, after_peer_fin = after_peer_fin, of_silent_end = of_silent_end,
      on_rst = on_rst, on_foreign_rst = on_foreign_rst, after_rst = after_rst }
end

-- core/rules/table_end.py: Which rules are asked when a connection has ended, or the capture. The other half of
-- core/rules/table.
do
  local from = core.rules.address
  local invalid_endpoint_address = from.invalid_endpoint_address
  from = core.rules.capture_end
  local capture_ends_early, one_way_capture, sequence_gap = from.capture_ends_early, from.one_way_capture,
      from.sequence_gap
  from = core.rules.checksum
  local wrong_again = from.wrong_again
  from = core.rules.close_time
  local slow_fin_ack = from.slow_fin_ack
  from = core.rules.crossing
  local crossing_counted_twice, unrefused_synack = from.crossing_counted_twice, from.unrefused_synack
  from = core.rules.early
  local sent_before_synack = from.sent_before_synack
  from = core.rules.filtered
  local filtered_capture = from.filtered_capture
  from = core.rules.handshake_end
  local half_open_handshake, handshake_retry_too_fast, refused_by_icmp, refused_by_reset, simultaneous_open,
      split_handshake, synack_without_syn, three_way_handshake, unanswered_syn = from.half_open_handshake,
      from.handshake_retry_too_fast, from.refused_by_icmp, from.refused_by_reset, from.simultaneous_open,
      from.split_handshake, from.synack_without_syn, from.three_way_handshake, from.unanswered_syn
  from = core.rules.many
  local unheard_host = from.unheard_host
  from = core.rules.payload
  local odd_mss, payload_exceeds_mss, unscaled_syn_window = from.odd_mss, from.payload_exceeds_mss,
      from.unscaled_syn_window
  from = core.rules.probe
  local lone_probe = from.lone_probe
  from = core.rules.reopen
  local syn_dropped_in_time_wait = from.syn_dropped_in_time_wait
  from = core.rules.reset_after
  local reset_not_challenged = from.reset_not_challenged
  from = core.rules.reset_extra
  local challenge_not_reset = from.challenge_not_reset
  from = core.rules.reset_ignored
  local reset_ignored_in_syn_sent = from.reset_ignored_in_syn_sent
  from = core.rules.retry
  local short_syn_effort = from.short_syn_effort
  from = core.rules.syn_data
  local early_responder_data, syn_data_not_resent = from.early_responder_data, from.syn_data_not_resent
  from = core.rules.teardown_end
  local abortive_close, ack_of_too_much, closed_in_order, half_close_with_data, lingering_half_close, no_close_seen,
      simultaneous_in_doubt, unacknowledged_first_fin, unacknowledged_last_fin = from.abortive_close,
      from.ack_of_too_much, from.closed_in_order, from.half_close_with_data, from.lingering_half_close,
      from.no_close_seen, from.simultaneous_in_doubt, from.unacknowledged_first_fin, from.unacknowledged_last_fin
  from = core.rules.third_party
  local removed_numbers = from.removed_numbers
  from = core.rules.third_step
  local acknowledged_initial_number = from.acknowledged_initial_number
  from = core.rules.unheard
  local half_closed_peer_silent, unanswered_fin_in_time_wait = from.half_closed_peer_silent,
      from.unanswered_fin_in_time_wait
  from = core.rules.urgent
  local urgent_that_never_came = from.urgent_that_never_came
  local opening_was_repeated, close_was_watched

  -- core/rules/table_end.py:50: A connection of a single SYN: of all rules that wait, these can speak. A flood has a
  -- million of them.
  local function at_end_of_lone_syn(ending)
    unheard_host(ending)
    unanswered_syn(ending)
    refused_by_icmp(ending)
    invalid_endpoint_address(ending)
    if ending.opener.opening.suspects ~= nil then
      syn_dropped_in_time_wait(ending)
    end
    capture_ends_early(ending)
  end

  -- core/rules/table_end.py:61: A connection that retires, or the end of the capture.
  local function at_end(ending)
    local connection = ending.connection
    local zero = connection.ends[1]
    local one = connection.ends[2]
    local opened = ending.handshake == "three-way"
    local finished = ending.teardown == "four-way" or ending.teardown == "three-segment"
    local suspected = zero.opening.suspects ~= nil or one.opening.suspects ~= nil
    if opened then
      three_way_handshake(ending)
    end
    if opening_was_repeated(zero.opening) or opening_was_repeated(one.opening) then
      handshake_retry_too_fast(ending)
    end
    if not opened then
      refused_by_reset(ending)
      refused_by_icmp(ending)
    end
    if suspected then
      sent_before_synack(ending)
      crossing_counted_twice(ending)
      acknowledged_initial_number(ending)
    end
    if not opened then
      unheard_host(ending)
      unanswered_syn(ending)
      short_syn_effort(ending)
    end
    if suspected then
      reset_ignored_in_syn_sent(ending)
      unrefused_synack(ending)
      syn_data_not_resent(ending)
      early_responder_data(ending)
    end
    if not opened then
      half_open_handshake(ending)
      synack_without_syn(ending)
      simultaneous_open(ending)
      split_handshake(ending)
    end
    closed_in_order(ending)
    if not finished then
      simultaneous_in_doubt(ending)
    end
    half_close_with_data(ending)
    if not finished then
      unacknowledged_first_fin(ending)
    end
    if not finished or ending.last_ack_inferred then
      unacknowledged_last_fin(ending)
    end
    if close_was_watched(zero.closing) or close_was_watched(one.closing) then
      ack_of_too_much(ending)
      half_closed_peer_silent(ending)
      unanswered_fin_in_time_wait(ending)
    end
    slow_fin_ack(ending)
    lingering_half_close(ending)
    if not finished then
      no_close_seen(ending)
      abortive_close(ending)
    end
    if #connection.findings > 0 then
      reset_not_challenged(ending)
      challenge_not_reset(ending)
    end
    if suspected then
      payload_exceeds_mss(ending)
    end
    odd_mss(ending)
    unscaled_syn_window(ending)
    if connection.segments <= 2 then
      lone_probe(ending)
    end
    if suspected then
      urgent_that_never_came(ending)
    end
    invalid_endpoint_address(ending)
    if suspected then
      wrong_again(ending)
    end
    if connection.removed_numbers then
      removed_numbers(ending)
    end
    filtered_capture(ending)
    if suspected then
      syn_dropped_in_time_wait(ending)
    end
    if #zero.gaps > 0 or #one.gaps > 0 then
      sequence_gap(ending)
    end
    if zero.segments == 0 or one.segments == 0 then
      one_way_capture(ending)
    end
    capture_ends_early(ending)
  end

  -- core/rules/table_end.py:140: Copies of a SYN or SYN-ACK were measured.
  function opening_was_repeated(opening)
    return #opening.gaps > 0 or #opening.answer_gaps > 0
  end

  -- core/rules/table_end.py:145: What came behind the FIN asked for a closer look.
  function close_was_watched(closing)
    return closing.unheard ~= nil or closing.excess ~= nil
  end

  core.rules.table_end = { at_end_of_lone_syn = at_end_of_lone_syn, at_end = at_end,
      opening_was_repeated = opening_was_repeated, close_was_watched = close_was_watched }
end

-- core/rules/table_header.py: Which rules hear of what a header says by itself: its options, bits, checksum. Part of
-- core/rules/table.
do
  local from = core.model
  local CHECKSUM_BAD, CHECKSUM_PARTIAL, OPTIONS_SOUND, RESERVED, SYN, URG = from.CHECKSUM_BAD, from.CHECKSUM_PARTIAL,
      from.OPTIONS_SOUND, from.RESERVED, from.SYN, from.URG
  from = core.offer
  local SIGNED = from.SIGNED
  from = core.options
  local LARGEST_SHIFT = from.LARGEST_SHIFT
  from = core.sequence
  local HALF = from.HALF
  from = core.rules.capture
  local offload_artefact, reordered_capture, truncated_header = from.offload_artefact, from.reordered_capture,
      from.truncated_header
  from = core.rules.checksum
  local wrong_checksum = from.wrong_checksum
  from = core.rules.extensions
  local fast_open_option, missing_authentication, multipath_ends, unknown_options = from.fast_open_option,
      from.missing_authentication, from.multipath_ends, from.unknown_options
  from = core.rules.header
  local invalid_data_offset, land_segment, null_segment, reserved_bits_set, reset_with_syn_or_fin,
      syn_with_fin = from.invalid_data_offset, from.land_segment, from.null_segment, from.reserved_bits_set,
      from.reset_with_syn_or_fin, from.syn_with_fin
  from = core.rules.negotiation
  local sack_on_syn, unpermitted_sack = from.sack_on_syn, from.unpermitted_sack
  from = core.rules.options
  local malformed_option, malformed_option_list, mss_outside_syn, sack_permitted_outside_syn, window_scale_outside_syn,
      window_scale_too_large = from.malformed_option, from.malformed_option_list, from.mss_outside_syn,
      from.sack_permitted_outside_syn, from.window_scale_outside_syn, from.window_scale_too_large
  from = core.rules.payload
  local keep_large_payload = from.keep_large_payload
  from = core.rules.third_party
  local third_party_segment = from.third_party_segment
  from = core.rules.timestamps
  local missing_timestamps, timestamp_backwards, unnegotiated_timestamps = from.missing_timestamps,
      from.timestamp_backwards, from.unnegotiated_timestamps
  from = core.rules.urgent
  local inconsistent_urgent_pointer = from.inconsistent_urgent_pointer

  -- core/rules/table_header.py:36: A header with options other than timestamps alone.
  local function on_options(arrival)
    local segment = arrival.segment
    local options = segment.options
    if options.malformed ~= OPTIONS_SOUND or options.wrong_length >= 0 or options.duplicate >= 0 then
      malformed_option_list(arrival)
      malformed_option(arrival)
    end
    if options.tfo >= 0 then
      fast_open_option(arrival)
    end
    if #options.unknown > 0 then
      unknown_options(arrival)
    end
    if band(segment.flags, SYN) ~= 0 then
      if options.wscale > LARGEST_SHIFT then
        window_scale_too_large(arrival)
      end
      if #options.sack > 0 then
        sack_on_syn(arrival)
      end
      return
    end
    if #options.sack > 0 then
      unpermitted_sack(arrival)
    end
    if options.mptcp >= 0 then
      multipath_ends(arrival)
    end
    if options.mss >= 0 or options.wscale >= 0 or options.sackok then
      mss_outside_syn(arrival)
      window_scale_outside_syn(arrival)
      sack_permitted_outside_syn(arrival)
    end
  end

  -- core/rules/table_header.py:63: A later segment that has timestamps, or has none, other than its sender's segments
  -- before.
  local function on_timestamps(arrival)
    if arrival.segment.tsval < 0 then
      missing_timestamps(arrival)
    else
      unnegotiated_timestamps(arrival)
    end
  end

  -- core/rules/table_header.py:71: Every segment that does not take the short path: what its own bits say.
  local function on_header(arrival)
    local segment = arrival.segment
    null_segment(arrival)
    if band(segment.flags, RESERVED) ~= 0 then
      reserved_bits_set(arrival)
    end
    if arrival.fin or arrival.rst then
      syn_with_fin(arrival)
      reset_with_syn_or_fin(arrival)
    end
    if segment.truncated then
      truncated_header(arrival)
    end
    if segment.odd then
      on_options(arrival)
      if segment.checksum_state == CHECKSUM_BAD then
        wrong_checksum(arrival)
      end
      if segment.urgent > 0 then
        inconsistent_urgent_pointer(arrival)
      end
    end
    if band(segment.flags, URG) ~= 0 and segment.urgent <= 0 then
      inconsistent_urgent_pointer(arrival)
    end
    if (segment.tsval < 0) ~= (arrival.own.tsval < 0) and not arrival.syn and not arrival.rst then
      on_timestamps(arrival)
    end
    if segment.offload or segment.checksum_state == CHECKSUM_PARTIAL or arrival.length > 536 then
      offload_artefact(arrival)
      if arrival.length > 0 then
        keep_large_payload(arrival)
      end
    end
    reordered_capture(arrival)
    local own = arrival.own
    if segment.hop_limit ~= own.opening.hop_limit then
      third_party_segment(arrival)
    end
    if band(own.opening.offers, SIGNED) ~= 0 and not arrival.syn then
      missing_authentication(arrival)
    end
    if 0 <= segment.tsval and segment.tsval < own.tsval or segment.tsval > own.tsval + HALF then
      if own.tsval >= 0 and not arrival.syn and not arrival.rst then
        timestamp_backwards(arrival)
      end
    end
  end

  -- core/rules/table_header.py:107: A header that cannot be right: nothing else is judged.
  local function on_invalid_header(arrival)
    invalid_data_offset(arrival)
  end

  -- core/rules/table_header.py:112: A segment whose sender and receiver are the same address and port.
  local function on_self(arrival)
    if arrival.syn then
      land_segment(arrival)
    end
  end

  core.rules.table_header = { on_options = on_options, on_timestamps = on_timestamps, on_header = on_header,
      on_invalid_header = on_invalid_header, on_self = on_self }
end

-- core/verdict.py: From findings to verdicts: of the opening, of the close, of the connection.
do
  local from = core.aggregate_host
  local goes_on_unheard = from.goes_on_unheard
  from = core.calm
  local sum_up = from.sum_up
  from = core.conntrack
  local state_name = from.state_name
  from = core.evidence
  local client_certain, client_side, has_hole, reset_before = from.client_certain, from.client_side, from.has_hole,
      from.reset_before
  from = core.model
  local CLOSED, ERROR, HANDSHAKE, HIDDEN, INCONCLUSIVE, OTHER, TEARDOWN, VIOLATES, WARNING, Conclusion = from.CLOSED,
      from.ERROR, from.HANDSHAKE, from.HIDDEN, from.INCONCLUSIVE, from.OTHER, from.TEARDOWN, from.VIOLATES,
      from.WARNING, from.Conclusion
  from = core.note
  local Ending = from.Ending
  from = core.outcome
  local handshake_decided, is_hard, prepare, teardown_decided = from.handshake_decided, from.is_hard, from.prepare,
      from.teardown_decided
  from = core.rules.table_end
  local at_end, at_end_of_lone_syn = from.at_end, from.at_end_of_lone_syn
  from = core.tell
  local tale_of = from.tale_of
  from = core.zeek
  local conn_state = from.conn_state
  local insert, say_outside, gave_up, gather_evidence

  -- core/verdict.py:19: NOTE, WARNING or ERROR by the catalogue; a kind that it does not name counts as a note.
  local function severity_of(settings, finding)
    local kinds = settings.severity[finding.code]
    if kinds == nil then return 0 end
    local severity = kinds[finding.kind]
    if severity == nil then return 0 end
    return severity
  end

  -- core/verdict.py:30: Highest severity among the violations of a phase.
  local function worst(settings, findings, phase)
    local highest = 0
    for _, finding in ipairs(findings) do
      if finding.phase == phase and finding.verdict == VIOLATES then
        local severity = severity_of(settings, finding)
        if severity > highest then highest = severity end
      end
    end
    return highest
  end

  -- core/verdict.py:41: Any violation stands among them.
  local function accuses(findings)
    for _, finding in ipairs(findings) do
      if finding.verdict == VIOLATES then return true end
    end
    return false
  end

  -- core/verdict.py:49: Those that are to be reported.
  local function shown(settings, findings)
    local kept = {}
    for _, finding in ipairs(findings) do
      if severity_of(settings, finding) ~= HIDDEN then
        kept[#kept + 1] = finding
      end
    end
    return kept
  end

  -- core/verdict.py:58: The verdict of a phase.
  local function verdict_word(highest, decided)
    if highest == ERROR then return "violates" end
    if highest == WARNING then return "warns" end
    if decided then return "conforms" end
    return "inconclusive"
  end

  -- core/verdict.py:69: Verdicts by badness.
  local function rank(word)
    if word == "violates" then return 3 end
    if word == "warns" then return 2 end
    if word == "inconclusive" then return 1 end
    return 0
  end

  -- core/verdict.py:80: The worse of two verdicts.
  local function worse(one, other)
    if rank(one) >= rank(other) then return one end
    return other
  end

  -- core/verdict.py:87: Add a word to the list of missing evidence, once.
  local function mention(evidence, why)
    for _, word in ipairs(evidence) do
      if word == why then return end
    end
    evidence[#evidence + 1] = why
  end

  -- core/verdict.py:95: Two lists of findings as one, in the order of their frames; each list may be out of order.
  local function by_frame(first, second)
    local merged = {}
    for _, finding in ipairs(first) do
      insert(merged, finding)
    end
    for _, finding in ipairs(second) do
      insert(merged, finding)
    end
    return merged
  end

  -- core/verdict.py:105: Insertion from the end: lists are short and nearly sorted.
  function insert(merged, finding)
    merged[#merged + 1] = finding
    local index = #merged - 1
    while index > 0 and merged[index].frame > finding.frame do
      merged[index + 1] = merged[index]
      index = index - 1
    end
    merged[index + 1] = finding
  end

  -- core/verdict.py:115: All that is to be said of the connection at `end_time`. Changes nothing; may be asked again
  -- later.
  local function conclude_connection(engine, connection, end_time)
    sum_up(connection)
    local ending = Ending(connection, end_time)
    ending.engine = engine
    ending.client = client_side(connection)
    ending.opener = connection.ends[ending.client + 1]
    ending.answerer = connection.ends[2 - ending.client]
    ending.one_way_capture = engine.one_way_seen and not engine.both_ways_seen
    if goes_on_unheard(engine, connection.chain.key, ending.client) >= 0 then
      ending.one_way_capture = true
    end
    ending.clock_broken = engine.clock_breaks > connection.breaks
    prepare(ending)
    if connection.segments == 1 and ending.opener.opening.alone_frame > 0 then
      at_end_of_lone_syn(ending)
    else
      at_end(ending)
    end
    local result = Conclusion()
    result.number = connection.number
    result.key = connection.chain.key
    result.client = ending.client
    result.client_certain = client_certain(connection)
    result.first_frame = connection.first_frame
    result.last_frame = connection.last_frame
    result.segments = connection.segments
    result.handshake = ending.handshake
    result.teardown = ending.teardown
    result.active_closer = ending.closer
    result.state0 = connection.ends[1].state
    result.state1 = connection.ends[2].state
    if gave_up(ending) and ending.client == 0 then
      result.state0 = CLOSED
    elseif gave_up(ending) then
      result.state1 = CLOSED
    end
    result.completeness = connection.completeness
    if engine.settings.outside_words then
      say_outside(result, connection)
    end
    result.retry_of = connection.retry_of
    result.reuse_of = connection.reuse_of
    result.findings = by_frame(connection.findings, ending.findings)
    local settings = engine.settings
    if settings.hides then result.findings = shown(settings, result.findings) end
    local opening = 0
    local closing = 0
    local rest = 0
    if accuses(result.findings) then
      opening = worst(settings, result.findings, HANDSHAKE)
      closing = worst(settings, result.findings, TEARDOWN)
      rest = worst(settings, result.findings, OTHER)
    end
    result.handshake_verdict = verdict_word(opening, handshake_decided(ending))
    result.teardown_verdict = verdict_word(closing, teardown_decided(ending))
    result.verdict = worse(result.handshake_verdict, result.teardown_verdict)
    if rest > 0 then result.verdict = worse(result.verdict, verdict_word(rest, true)) end
    gather_evidence(result, connection)
    return result
  end

  -- core/verdict.py:174: The words of other programs (core/outside).
  function say_outside(result, connection)
    local tale = tale_of(connection)
    if tale ~= nil then
      result.zeek_state = conn_state(tale, connection)
      result.zeek_history = tale.history
      result.conntrack = state_name(tale.tracked)
    end
  end

  -- core/verdict.py:183: A hard ICMP error should abort the attempt (RFC 9293 §3.9.2.2 SHLD-26), and no SYN came behind
  -- it.
  function gave_up(ending)
    local quote = ending.connection.quote
    if ending.handshake ~= "refused-icmp" or quote.seq < 0 or not is_hard(quote) then
      return false
    end
    return ending.opener.opening.alone_last_frame < quote.frame
  end

  -- core/verdict.py:194: Name what the capture lacks.
  function gather_evidence(result, connection)
    local zero = connection.ends[1]
    local one = connection.ends[2]
    if not zero.iss_seen and not one.iss_seen then
      mention(result.evidence, "mid-stream")
    end
    if has_hole(zero) or has_hole(one) then
      mention(result.evidence, "hole")
    end
    if connection.truncated then
      mention(result.evidence, "truncated")
    end
    if (zero.segments == 0 and one.moved) or (one.segments == 0 and zero.moved) then
      mention(result.evidence, "one-way")
    end
    local open_close = result.teardown == "none" or result.teardown == "unfinished-F1" or
        result.teardown == "unfinished-F2"
    if open_close and not reset_before(connection) then
      mention(result.evidence, "capture-end")
    end
    for _, finding in ipairs(result.findings) do
      if finding.verdict == INCONCLUSIVE then
        mention(result.evidence, finding.why)
      elseif finding.code == "CA011" then
        mention(result.evidence, "filtered")
      end
    end
  end

  core.verdict = { severity_of = severity_of, worst = worst, accuses = accuses, shown = shown,
      verdict_word = verdict_word, rank = rank, worse = worse, mention = mention, by_frame = by_frame, insert = insert,
      conclude_connection = conclude_connection, say_outside = say_outside, gave_up = gave_up,
      gather_evidence = gather_evidence }
end

-- core/engine.py: The engine: segments in, steps and findings out.
do
  local from = core.aggregate
  local Aggregates = from.Aggregates
  from = core.aggregate_host
  local hear_hosts = from.hear_hosts
  from = core.calm
  local settle, sum_up = from.settle, from.sum_up
  from = core.census
  local Census, count_plain = from.Census, from.count_plain
  from = core.connection
  local Arrival = from.Arrival
  from = core.duplicate
  local Recent, is_copy, keep = from.Recent, from.is_copy, from.keep
  from = core.evidence
  local SLACK, knows_nothing = from.SLACK, from.knows_nothing
  from = core.expected
  local let_pass = from.let_pass
  from = core.facts
  local place, state, update = from.place, from.state, from.update
  from = core.flood
  local find_or_make, retire_silent, reverse_key, take_lone, unpack_lone = from.find_or_make, from.retire_silent,
      from.reverse_key, from.take_lone, from.unpack_lone
  from = core.incarnation
  local near_by_both, remember, route = from.near_by_both, from.remember, from.route
  from = core.lone
  local number_of = from.number_of
  from = core.model
  local ACK, CHECKSUM_BAD, ESTABLISHED, FIN, RST, SYN, Step = from.ACK, from.CHECKSUM_BAD, from.ESTABLISHED, from.FIN,
      from.RST, from.SYN, from.Step
  from = core.outcome
  local outranks = from.outranks
  from = core.registry
  local finish, look_for_retired, make_room, may_retire, note_first, open_connection, unlink = from.finish,
      from.look_for_retired, from.make_room, from.may_retire, from.note_first, from.open_connection, from.unlink
  from = core.rules.capture
  local duplicated_frame = from.duplicated_frame
  from = core.rules.table
  local after_fin, after_peer_fin, after_rst, after_syn_data, of_silent_end, on_ack, on_challenge, on_delayed, on_fin,
      on_first, on_foreign_rst, on_missing_ack, on_opening_ack, on_opening_data, on_rst, on_syn, on_syn_inside,
      on_synack = from.after_fin, from.after_peer_fin, from.after_rst, from.after_syn_data, from.of_silent_end,
      from.on_ack, from.on_challenge, from.on_delayed, from.on_fin, from.on_first, from.on_foreign_rst,
      from.on_missing_ack, from.on_opening_ack, from.on_opening_data, from.on_rst, from.on_syn, from.on_syn_inside,
      from.on_synack
  from = core.rules.table_header
  local on_header, on_invalid_header, on_self = from.on_header, from.on_invalid_header, from.on_self
  from = core.sequence
  local MODULUS = from.MODULUS
  from = core.step
  local name_step, relative = from.name_step, from.relative
  from = core.tell
  local tell, tell_copy, tell_strange = from.tell, from.tell_copy, from.tell_strange
  from = core.verdict
  local conclude_connection = from.conclude_connection
  local CLOCK_JUMP = 86400000000

  -- core/engine.py:62: All connections of one capture. `settings`: model.Settings.
  function Engine.new(settings)
    local self = {
      settings = settings,
      chains = {},
      lone = {},
      lone_order = {},
      lone_at = 0,
      lone_count = 0,
      recent = Recent(),
      arrival = Arrival(),
      step = Step(),
      calm_step = Step(),
      now = 0,
      next_number = 0,
      first = nil,
      last = nil,
      cursor = nil,
      look_after = 0,
      open_count = 0,
      finished = {},
      notes = {},
      clock = 0,
      clock_breaks = 0,
      break_time = -1,
      one_way_seen = false,
      both_ways_seen = false,
      census = Census(),
      aggregates = Aggregates(),
    }
    self.arrival.engine = self
    self.calm_step.state0 = ESTABLISHED
    self.calm_step.state1 = ESTABLISHED
    return self
  end

  -- core/engine.py:93: Take one segment in; returns the Step of its frame (filled anew at the next call).
  function Engine.observe(self, segment)
    local time = segment.time
    if time < self.clock or time - self.clock > CLOCK_JUMP then
      Engine.tick(self, time)
    else
      self.clock = time
      if time > self.now then self.now = time end
    end
    local chain = self.chains[segment.key]
    local step
    if chain ~= nil then
      local connection = chain.current
      if connection ~= nil then
        if (connection.orderly or chain.fresh) and not segment.odd then
          step = let_pass(self, segment, chain, connection)
          if step ~= nil then return step end
        end
      end
      chain.fresh = false
    end
    if self.now >= self.look_after then
      look_for_retired(self)
      retire_silent(self)
      chain = self.chains[segment.key]
    end
    step = self.step
    step.findings = {}
    if chain == nil then
      chain = find_or_make(self, segment)
      if chain == nil then return step end
    end
    Engine.examine(self, segment, chain)
    return step
  end

  -- core/engine.py:124: Set the arrival to a new segment.
  function Engine.load(self, segment)
    local arrival = self.arrival
    local flags = segment.flags
    local rst = band(flags, RST) ~= 0
    arrival.segment = segment
    arrival.frame = segment.frame
    arrival.time = segment.time
    arrival.flags = flags
    arrival.has_ack = band(flags, ACK) ~= 0
    arrival.rst = rst
    arrival.syn = band(flags, SYN) ~= 0 and not rst
    arrival.fin = band(flags, FIN) ~= 0 and not rst
    arrival.length = segment.length
    arrival.fired = {}
    arrival.fresh = {}
  end

  -- core/engine.py:141: The long path: everything that is not the expected next segment of a quiet connection.
  function Engine.examine(self, segment, chain)
    local arrival = self.arrival
    Engine.load(self, segment)
    if chain.current ~= nil and chain.current.orderly then
      sum_up(chain.current)
    end
    if chain.current ~= nil and is_copy(self.recent, segment) then
      place(arrival, chain.current)
      if chain.pending ~= nil and arrival.syn and not arrival.has_ack then
        place(arrival, chain.pending)
        if arrival.seq ~= arrival.own.iss then
          place(arrival, chain.current)
        end
      end
      duplicated_frame(arrival)
      tell_copy(arrival)
      arrival.own.last_frame = segment.frame
      Engine.show(self, "duplicate")
      return
    end
    keep(self.recent, segment)
    if chain.current ~= nil and may_retire(self, chain.current) then
      finish(self, chain.current)
      remember(chain, chain.current)
      chain.current = nil
    end
    if chain.key == chain.reverse then
      Engine.examine_self(self, chain)
      return
    end
    local before = chain.pending
    route(self, arrival, chain)
    if chain.pending ~= nil and before == nil then
      local pending = arrival.connection
      place(arrival, chain.current)
      on_syn_inside(arrival)
      place(arrival, pending)
    end
    make_room(self)
    if arrival.foreign then
      if arrival.rst then
        on_foreign_rst(arrival)
      end
      Engine.count_strange(self, arrival)
      Engine.show(self, "foreign")
      return
    end
    if arrival.delayed then
      on_delayed(arrival)
      Engine.count_strange(self, arrival)
      Engine.show(self, "foreign")
      return
    end
    if not segment.header_valid then
      on_invalid_header(arrival)
      Engine.count_strange(self, arrival)
      Engine.show(self, "invalid")
      return
    end
    Engine.ask_rules(self, chain)
    Engine.apply(self)
    name_step(arrival, self.step)
    Engine.show(self, self.step.name)
  end

  -- core/engine.py:195: Sender and receiver are one: no roles, no facts.
  function Engine.examine_self(self, chain)
    local arrival = self.arrival
    if chain.current == nil then chain.current = open_connection(self, chain) end
    place(arrival, chain.current)
    on_header(arrival)
    on_self(arrival)
    Engine.count_strange(self, arrival)
    Engine.show(self, "foreign")
  end

  -- core/engine.py:206: Ask the rules that registered for what this segment is (core/rules/table).
  function Engine.ask_rules(self, chain)
    local arrival = self.arrival
    local connection = arrival.connection
    local own = arrival.own
    on_header(arrival)
    if connection.segments == 0 and not arrival.syn then
      on_first(arrival)
    end
    if arrival.rst then
      on_rst(arrival)
    elseif arrival.syn then
      if arrival.has_ack then
        on_synack(arrival)
      else
        on_syn(arrival)
      end
    elseif not arrival.has_ack then
      on_missing_ack(arrival)
    elseif not own.got_syn then
      on_opening_ack(arrival)
    end
    if chain.pending ~= nil and connection.number ~= chain.pending.number and not arrival.syn then
      on_challenge(arrival)
    end
    if arrival.has_ack and not arrival.rst then
      on_ack(arrival)
    end
    if arrival.fin and not arrival.syn then
      on_fin(arrival)
    end
    if own.closing.fin >= 0 and not arrival.rst and not arrival.syn then
      after_fin(arrival)
    end
    if arrival.length > 0 and not own.syn_acked and not arrival.syn then
      on_opening_data(arrival)
    end
    if (own.closing.rst_frame > 0 or arrival.peer.closing.rst_frame > 0) and not arrival.rst and not arrival.syn then
      after_rst(arrival)
    end
    if own.opening.length > 0 or arrival.peer.opening.length > 0 then
      if not arrival.rst and not arrival.syn then
        after_syn_data(arrival)
      end
    end
    if arrival.peer.closing.fin >= 0 and (arrival.length > 0 or arrival.fin) and not arrival.rst then
      after_peer_fin(arrival)
    end
    if own.closing.unheard ~= nil then
      of_silent_end(arrival)
    end
  end

  -- core/engine.py:246: Take the facts of the placed segment over and count it.
  function Engine.apply(self)
    local arrival = self.arrival
    arrival.counts = near_by_both(arrival) and arrival.segment.checksum_state ~= CHECKSUM_BAD
    if not arrival.has_ack and not arrival.syn and not arrival.rst and not arrival.fin then
      arrival.counts = false
    end
    local silent = not arrival.own.got_syn and knows_nothing(arrival)
    if silent then arrival.counts = false end
    if (arrival.syn or arrival.rst) and arrival.segment.checksum_state ~= CHECKSUM_BAD then
      arrival.counts = true
    end
    if arrival.segment.seq ~= 0 or (arrival.has_ack and arrival.segment.ack ~= 0) then
      arrival.connection.removed_numbers = false
    end
    tell(arrival)
    if arrival.counts then
      if arrival.has_ack and not arrival.syn and not arrival.rst then
        local split = arrival.own.segments == 0 and arrival.length == 0 and arrival.peer.opening.alone_frame > 0
        if split and not arrival.fin and arrival.ack == arrival.peer.iss + 1 then
          arrival.connection.early_ack = true
        end
      end
      update(arrival)
    end
    Engine.count_in(self, arrival)
    local connection = arrival.connection
    if silent then
      arrival.own.segments = arrival.own.segments - 1
      connection.strange = connection.strange + 1
    end
    local zero = connection.ends[1]
    local one = connection.ends[2]
    zero.state = state(zero, one)
    one.state = state(one, zero)
    settle(connection)
    count_plain(self.census, arrival)
  end

  -- core/engine.py:278: Count a segment that says nothing about its sender.
  function Engine.count_strange(self, arrival)
    tell_strange(arrival)
    note_first(arrival)
    arrival.connection.strange = arrival.connection.strange + 1
    arrival.own.last_frame = arrival.frame
    if arrival.time > arrival.own.last_time then arrival.own.last_time = arrival.time end
    sum_up(arrival.connection)
  end

  -- core/engine.py:288: Count the segment, whether or not it changed facts.
  function Engine.count_in(self, arrival)
    local connection = arrival.connection
    local segment = arrival.segment
    note_first(arrival)
    local own = arrival.own
    own.segments = own.segments + 1
    own.last_frame = segment.frame
    if arrival.time > own.last_time or own.segments == 1 then
      own.last_time = arrival.time
    end
    connection.segments = connection.segments + 1
    connection.last_frame = segment.frame
    if arrival.time > connection.last_time or connection.segments == 1 then
      connection.last_time = arrival.time
    end
    hear_hosts(self, arrival)
  end

  -- core/engine.py:304: Fill the step of the placed segment.
  function Engine.show(self, name)
    local arrival = self.arrival
    local connection = arrival.connection
    local step = self.step
    step.connection = connection.number
    step.side = arrival.side
    step.name = name
    step.state0 = connection.ends[1].state
    step.state1 = connection.ends[2].state
    step.seq = relative(arrival.seq, arrival.own)
    step.ack = -1
    if arrival.has_ack then step.ack = relative(arrival.ack, arrival.peer) end
    step.findings = arrival.fresh
    if name == "duplicate" or name == "foreign" or name == "invalid" then
      step.again = false
    end
  end

  -- core/engine.py:322: Take the facts of the segment over in a connection that no rule is asked about.
  function Engine.feed(self, connection, arrival)
    place(arrival, connection)
    Engine.apply(self)
  end

  -- core/engine.py:327: A limit was reached.
  function Engine.count_note(self, name)
    local count = self.notes[name]
    if count == nil then
      self.notes[name] = 1
    else
      self.notes[name] = count + 1
    end
  end

  -- core/engine.py:335: An ICMP error that quotes a segment: evidence for its connection (RFC 9293 §3.9.2.2).
  function Engine.observe_quote(self, quote)
    Engine.tick(self, quote.time)
    local chain = self.chains[quote.key]
    if chain == nil then
      local packed = self.lone[quote.key]
      if packed == nil then return end
      chain = unpack_lone(self, quote.key, reverse_key(quote.key), packed)
    end
    local connection = chain.current
    if connection == nil or (connection.quote ~= nil and not outranks(quote, connection.quote)) then
      return
    end
    local side = 1
    if quote.key == chain.key then side = 0 end
    local endpoint = connection.ends[side + 1]
    if quote.seq < 0 or endpoint.iss < 0 or endpoint.iss % MODULUS == quote.seq or endpoint.got_syn then
      connection.quote = quote
    end
  end

  -- core/engine.py:354: The time of any frame: the capture was still running. A clock that jumps proves no waiting time
  -- any more.
  function Engine.tick(self, time)
    if time > self.clock then
      if time - self.clock > CLOCK_JUMP then
        self.clock_breaks = self.clock_breaks + 1
        self.break_time = self.now
      end
      if time > self.now then self.now = time end
    elseif self.clock - time > SLACK then
      self.clock_breaks = self.clock_breaks + 1
      self.break_time = self.now
    end
    self.clock = time
  end

  -- core/engine.py:367: Connections that can change no more, since the last call.
  function Engine.retired(self)
    local gone = self.finished
    if #gone > 0 then self.finished = {} end
    return gone
  end

  -- core/engine.py:374: At the end of the capture: the open connection with the lowest number, or None. It is
  -- forgotten.
  function Engine.take(self)
    local key = nil
    while self.lone_at < #self.lone_order do
      key = self.lone_order[self.lone_at + 1]
      if self.lone[key] ~= nil then break end
      self.lone_at = self.lone_at + 1
      key = nil
    end
    if key ~= nil then
      local packed = self.lone[key]
      if self.first == nil or number_of(packed) < self.first.number then
        self.lone_at = self.lone_at + 1
        return take_lone(self, key, packed)
      end
    end
    local connection = self.first
    if connection ~= nil then
      unlink(self, connection)
      connection.chain.current = nil
    end
    return connection
  end

  -- core/engine.py:394: The Conclusion of a connection at `end_time` (µs). Pure: changes nothing, may be called again.
  function Engine.conclude(self, connection, end_time)
    return conclude_connection(self, connection, end_time)
  end

  core.engine = { CLOCK_JUMP = CLOCK_JUMP }
end

return core
