output "members" {
  description = "Who is a member, by card code, without personal data."
  value       = merge(values(module.shard)[*].members...)
}

output "members_per_shard" {
  description = "How many members each shard has."
  value       = { for shard, codes in local.codes : shard => length(codes) }
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort(flatten(values(module.shard)[*].unverified))
}
