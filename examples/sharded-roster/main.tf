terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Credentials and the brand come from the environment: WECHATPAY_MCHID and its companions. So does
# WECHATPAY_REFRESH_INTERVAL=24h, with which a plan does not read cards that were read within a day.
provider "wechatpay" {}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

variable "shards" {
  description = "How many blocks the roster is split into. Choose it once, for the largest roster that you expect."
  type        = number
  default     = 20
}

variable "shard_by" {
  description = "\"hash\", or a column of the roster whose value never changes for a member."
  type        = string
  default     = "hash"
}

module "members" {
  source = "./modules/sharded_members"

  members  = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})
  card_id  = var.card_id
  shards   = var.shards
  shard_by = var.shard_by
}

output "members" {
  description = "Who is a member, without personal data."
  value       = module.members.members
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = module.members.unverified
}

output "members_per_shard" {
  description = "How many members each block has: a hundred or two plan fast."
  value       = module.members.members_per_shard
}
