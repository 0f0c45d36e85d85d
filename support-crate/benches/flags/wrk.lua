-- Has wrk ask for one flag after the other; wrk's own argument is the list of their codes.

local requests = {}
local last = 0

function init(arguments)
  for code in arguments[1]:gmatch("%a+") do
    local path = wrk.path .. "/" .. code .. "/" .. code .. ".gif"
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
