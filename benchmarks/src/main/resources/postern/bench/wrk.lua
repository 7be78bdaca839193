-- wrk.lua METHOD BODY: one request, made once, and one line of numbers at the end. There is no function
-- for each answer: it would take more of the processors than the answer itself.
function init(args)
  wrk.method = args[1]
  if args[2] ~= nil and args[2] ~= "" then
    wrk.body = args[2]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("result %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
