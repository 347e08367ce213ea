terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

locals {
  # Which shard a member is in depends on nothing but the member: when a member is added or removed,
  # the others stay where they are.
  shard_of = {
    for code, member in var.members : code => (
      var.shard_by == "hash"
      ? format("%03d", parseint(substr(sha256(code), 0, 8), 16) % var.shards)
      : coalesce(member[var.shard_by], "none")
    )
  }

  # {"003" = ["VIP-0001", …], …}: shards without members are left out.
  codes = { for code, shard in local.shard_of : shard => code... }
}

module "shard" {
  source   = "./shard"
  for_each = local.codes

  members = { for code in each.value : code => var.members[code] }
  card_id = var.card_id
}
