# The backup server of EcoSolar, written by hand: the same objects as Bastide's backup-server stack.

terraform {
  required_version = ">= 1.12.0"
  required_providers {
    restful = {
      source  = "registry.terraform.io/magodo/restful"
      version = "0.25.2"
    }
  }
}

variable "pbs_url" {
  type = string
}

variable "pbs_token" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "ca_file" {
  type = string
}

variable "smtp_password" {
  type      = string
  ephemeral = true
  sensitive = true
}

provider "restful" {
  base_url = var.pbs_url
  security = {
    apikey = [{ in = "header", name = "Authorization", value = "PBSAPIToken=${var.pbs_token}" }]
  }
  client = {
    certificates              = []
    root_ca_certificate_files = [var.ca_file]
  }
}

locals {
  comment = "Bastide - site ecosolar"
  store   = "proxmox-data"
  user    = "pve-backup@pbs"
  token   = "pve-backup@pbs!pve-token"
  mutex   = [{ mutex = "pbs" }]

  # Each tier has a namespace of its own, because retention is by namespace; the root is for what is backed up by hand.
  prune = {
    "proxmox-data-prune"          = { keep-last = 7, keep-daily = 7, keep-weekly = 4, keep-monthly = 3 }
    "proxmox-data-critical-prune" = { ns = "critical", keep-hourly = 24, keep-daily = 7 }
    "proxmox-data-standard-prune" = { ns = "standard", keep-daily = 7, keep-weekly = 4 }
  }
}

resource "restful_resource" "time" {
  path            = "/nodes/localhost/time"
  create_method   = "PUT"
  create_selector = "{}"
  read_selector   = "data"
  body            = { timezone = "Europe/Paris" }
  output_attrs    = ["timezone"]
  delete_method   = "PUT"
  delete_body     = { timezone = "Europe/Paris" }
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "dns" {
  path            = "/nodes/localhost/dns"
  create_method   = "PUT"
  create_selector = "{}"
  read_selector   = "data"
  body            = { search = "ecosolar.lan", dns1 = "192.168.100.201", dns2 = "192.168.100.254" }
  output_attrs    = ["search"]
  delete_method   = "PUT"
  delete_body     = { search = "ecosolar.lan", dns1 = "192.168.100.201", dns2 = "192.168.100.254" }
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "mail" {
  path                = "/config/notifications/endpoints/smtp"
  create_selector     = "{}"
  read_path           = "/config/notifications/endpoints/smtp"
  read_selector       = "data.#(name==\"ecosolar-mail\").[!{\"disable\":false,\"mode\":\"tls\"},@this]|@join"
  update_path         = "/config/notifications/endpoints/smtp/ecosolar-mail"
  update_body_patches = [{ path = "name", removed = true }]
  delete_path         = "/config/notifications/endpoints/smtp/ecosolar-mail"
  body = {
    name         = "ecosolar-mail"
    server       = "smtp.wildcorp.example"
    port         = 587
    mode         = "starttls"
    username     = "sauvegarde@ecosolar.example"
    from-address = "sauvegarde@ecosolar.example"
    mailto       = ["supervision@wildcorp.example"]
    comment      = local.comment
    disable      = false
  }
  ephemeral_body  = { password = var.smtp_password }
  output_attrs    = ["name"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "failures" {
  depends_on          = [restful_resource.mail]
  path                = "/config/notifications/matchers"
  create_selector     = "{}"
  read_path           = "/config/notifications/matchers"
  read_selector       = "data.#(name==\"ecosolar-failures\").[!{\"disable\":false,\"mode\":\"all\"},@this]|@join"
  update_path         = "/config/notifications/matchers/ecosolar-failures"
  update_body_patches = [{ path = "name", removed = true }]
  delete_path         = "/config/notifications/matchers/ecosolar-failures"
  body = {
    name           = "ecosolar-failures"
    target         = ["ecosolar-mail"]
    match-severity = ["warning,error"]
    mode           = "all"
    comment        = local.comment
    disable        = false
  }
  output_attrs    = ["name"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "traffic" {
  path                = "/config/traffic-control"
  create_selector     = "{}"
  read_path           = "/config/traffic-control"
  read_selector       = "data.#(name==\"office-hours\")"
  update_path         = "/config/traffic-control/office-hours"
  update_body_patches = [{ path = "name", removed = true }]
  delete_path         = "/config/traffic-control/office-hours"
  body = {
    name      = "office-hours"
    network   = ["192.168.100.0/24"]
    rate-out  = "50 MB"
    timeframe = ["mon..fri 8-18"]
    comment   = local.comment
  }
  output_attrs    = ["name"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "datastore" {
  path                = "/config/datastore"
  create_selector     = "{}"
  read_path           = "/config/datastore"
  read_selector       = "data.#(name==\"${local.store}\").[!{\"verify-new\":false,\"notification-mode\":\"notification-system\"},@this]|@join"
  update_path         = "/config/datastore/${local.store}"
  update_body_patches = [{ path = "name", removed = true }, { path = "path", removed = true }]
  delete_path         = "/config/datastore/${local.store}"
  delete_query        = { destroy-data = ["true"] }
  force_new_attrs     = ["name", "path"]
  body = {
    name              = local.store
    path              = "/mnt/datastore/proxmox-data"
    gc-schedule       = "daily"
    notification-mode = "notification-system"
    verify-new        = true
    comment           = local.comment
  }
  output_attrs = ["name"]
  # The server makes the store in a task, after it has answered.
  poll_create = {
    url_locator       = "exact./nodes/localhost/tasks?typefilter=create-datastore&limit=50"
    status_locator    = "body.data.#(worker_id==\"${local.store}\").[!{\"status\":\"running\"},@this]|@join|status"
    status            = { success = "OK", pending = ["running"] }
    default_delay_sec = 1
  }
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "namespace" {
  for_each            = toset(["critical", "standard"])
  depends_on          = [restful_resource.datastore]
  path                = "/admin/datastore/${local.store}/namespace"
  create_selector     = "{}"
  read_path           = "/admin/datastore/${local.store}/namespace"
  read_selector       = "data.#(ns==\"${each.key}\").[!{\"name\":\"${each.key}\"},@this]|@join"
  update_body_patches = [{ path = "name", removed = true }]
  delete_path         = "/admin/datastore/${local.store}/namespace"
  delete_query        = { ns = [each.key], delete-groups = ["true"] }
  force_new_attrs     = ["name"]
  body                = { name = each.key }
  output_attrs        = ["name"]
  precheck_create     = local.mutex
  precheck_update     = local.mutex
  precheck_delete     = local.mutex
}

resource "restful_resource" "prune" {
  for_each            = local.prune
  depends_on          = [restful_resource.namespace]
  path                = "/config/prune"
  create_selector     = "{}"
  read_path           = "/config/prune"
  read_selector       = "data.#(id==\"${each.key}\").[!{\"disable\":false},@this]|@join"
  update_path         = "/config/prune/${each.key}"
  update_body_patches = [{ path = "id", removed = true }]
  delete_path         = "/config/prune/${each.key}"
  body = merge(each.value, {
    id        = each.key
    store     = local.store
    schedule  = "22:30"
    max-depth = 0
    disable   = false
    comment   = local.comment
  })
  output_attrs    = ["id"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "verify" {
  depends_on          = [restful_resource.datastore]
  path                = "/config/verify"
  create_selector     = "{}"
  read_path           = "/config/verify"
  read_selector       = "data.#(id==\"proxmox-data-verify\").[!{\"ignore-verified\":true,\"max-depth\":7},@this]|@join"
  update_path         = "/config/verify/proxmox-data-verify"
  update_body_patches = [{ path = "id", removed = true }]
  delete_path         = "/config/verify/proxmox-data-verify"
  body = {
    id              = "proxmox-data-verify"
    store           = local.store
    schedule        = "sat 06:00"
    ignore-verified = true
    outdated-after  = 30
    max-depth       = 7
    comment         = local.comment
  }
  output_attrs    = ["id"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "user" {
  path                = "/access/users"
  create_selector     = "{}"
  read_path           = "/access/users"
  read_selector       = "data.#(userid==\"${local.user}\").[!{\"enable\":true,\"expire\":0},@this]|@join"
  update_path         = "/access/users/${local.user}"
  update_body_patches = [{ path = "userid", removed = true }]
  delete_path         = "/access/users/${local.user}"
  body                = { userid = local.user, comment = local.comment, enable = true, expire = 0 }
  output_attrs        = ["userid"]
  precheck_create     = local.mutex
  precheck_update     = local.mutex
  precheck_delete     = local.mutex
}

resource "restful_resource" "token" {
  depends_on      = [restful_resource.user]
  path            = "/access/users/${local.user}/token/pve-token"
  create_selector = "{}"
  read_path       = "/access/users"
  read_query      = { include_tokens = ["true"] }
  read_selector   = "data.#(userid==\"${local.user}\").tokens.#(tokenid==\"${local.token}\").[!{\"enable\":true,\"expire\":0},@this]|@join"
  body            = { comment = local.comment, enable = true, expire = 0 }
  output_attrs    = ["comment"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

# The token has the rights that both it and its user have, hence two entries.
resource "restful_resource" "access" {
  for_each        = toset([local.user, local.token])
  depends_on      = [restful_resource.token, restful_resource.datastore]
  path            = "/access/acl"
  create_method   = "PUT"
  create_selector = "{}"
  read_path       = "/access/acl"
  read_selector   = "data.#(ugid==\"${each.key}\")#|#(path==\"/datastore/${local.store}\").[!{\"role\":\"DatastoreAdmin\",\"auth-id\":\"${each.key}\"},@this]|@join"
  delete_method   = "PUT"
  delete_body     = { path = "/datastore/${local.store}", role = "DatastoreAdmin", auth-id = each.key, delete = true }
  body            = { path = "/datastore/${local.store}", role = "DatastoreAdmin", auth-id = each.key, propagate = true }
  output_attrs    = ["path"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}
