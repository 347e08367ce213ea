variable "members" {
  description = "The members by card code, as provider::wechatpay::decode_roster returns them."
  type = map(object({
    phone_number = string
    openid       = optional(string)
    level        = optional(string)
    card_color   = optional(string)
    attach       = optional(string)
  }))
}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
}

variable "shards" {
  description = "How many blocks to split into by hash. Another number moves members between blocks."
  type        = number
  default     = 20

  validation {
    condition     = var.shards >= 1 && var.shards <= 1000 && floor(var.shards) == var.shards
    error_message = "The number of shards is a whole number from 1 to 1000."
  }
}

variable "shard_by" {
  description = "\"hash\" for a stable hash of the card code, or the name of an attribute of members, such as attach, whose value never changes for a member."
  type        = string
  default     = "hash"

  validation {
    condition     = contains(["hash", "level", "card_color", "attach"], var.shard_by)
    error_message = "Shards are made by \"hash\", or by the attribute level, card_color or attach."
  }
}
