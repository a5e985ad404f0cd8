# The hypervisor of EcoSolar, written by hand: the same objects as Bastide's hypervisor stack.

terraform {
  required_version = ">= 1.12.0"
  required_providers {
    restful = {
      source  = "registry.terraform.io/magodo/restful"
      version = "0.25.2"
    }
    proxmox = {
      source  = "registry.terraform.io/bpg/proxmox"
      version = "0.112.0"
    }
  }
}

variable "pve_url" {
  type = string
}

variable "pve_token" {
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

variable "storage_secret" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "encryption_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "pbs_fingerprint" {
  type = string
}

provider "restful" {
  base_url = var.pve_url
  security = {
    apikey = [{ in = "header", name = "Authorization", value = "PVEAPIToken=${var.pve_token}" }]
  }
  client = {
    certificates              = []
    root_ca_certificate_files = [var.ca_file]
  }
}

provider "proxmox" {
  endpoint  = trimsuffix(var.pve_url, "api2/json")
  api_token = var.pve_token
}

locals {
  comment = "Bastide - site ecosolar"
  mutex   = [{ mutex = "hypervisor" }]

  storages = {
    "pbs-backup"          = {}
    "pbs-backup-critical" = { namespace = "critical" }
    "pbs-backup-standard" = { namespace = "standard" }
  }
  jobs = {
    critical = { schedule = "0/4:00 UTC", vmid = "101,103" }
    standard = { schedule = "21:00", vmid = "102,104,105,106" }
  }
  operators = {
    "supervision@pve" = { comment = "Supervision WildCorp", path = "/", role = "PVEAuditor" }
    "technicien@pve"  = { comment = "Technicien WildCorp", path = "/vms", role = "PVEVMAdmin" }
  }
  rights = merge(
    { for id, operator in local.operators : id => merge(operator, { kind = "users" }) },
    { "supervision@pve!monitoring" = merge(local.operators["supervision@pve"], { kind = "tokens" }) },
  )
}

resource "proxmox_virtual_environment_time" "pve1" {
  node_name = "pve1"
  time_zone = "Europe/Paris"
}

resource "proxmox_virtual_environment_dns" "pve1" {
  node_name = "pve1"
  domain    = "ecosolar.lan"
  servers   = ["192.168.100.201", "192.168.100.254"]
}

resource "proxmox_virtual_environment_hosts" "pve1" {
  node_name = "pve1"
  entry {
    address   = "127.0.0.1"
    hostnames = ["localhost.localdomain", "localhost"]
  }
  entry {
    address   = "::1"
    hostnames = ["ip6-localhost", "ip6-loopback"]
  }
  entry {
    address   = "192.168.100.210"
    hostnames = ["pve1.ecosolar.lan", "pve1"]
  }
  entry {
    address   = "192.168.100.220"
    hostnames = ["pbs.ecosolar.lan", "pbs"]
  }
  entry {
    address   = "192.168.100.254"
    hostnames = ["pfsense.ecosolar.lan", "pfsense"]
  }
  entry {
    address   = "192.168.100.10"
    hostnames = ["admin.ecosolar.lan", "admin"]
  }
}

resource "proxmox_virtual_environment_pool" "tier" {
  for_each = local.jobs
  pool_id  = "ecosolar-${each.key}"
  comment  = local.comment
}

resource "proxmox_virtual_environment_firewall_ipset" "backup_servers" {
  name    = "pbs-servers"
  comment = local.comment
  cidr {
    name    = "192.168.100.220"
    comment = "pbs"
  }
}

resource "proxmox_virtual_environment_cluster_firewall_security_group" "backup_flow" {
  name    = "backup-flow"
  comment = local.comment
  rule {
    type    = "out"
    action  = "ACCEPT"
    proto   = "tcp"
    dest    = "+${proxmox_virtual_environment_firewall_ipset.backup_servers.name}"
    dport   = "8007"
    comment = local.comment
  }
}

resource "restful_resource" "mail" {
  path                = "/cluster/notifications/endpoints/smtp"
  create_selector     = "{}"
  read_path           = "/cluster/notifications/endpoints/smtp"
  read_selector       = "data.#(name==\"ecosolar-mail\").[!{\"disable\":0,\"mode\":\"tls\"},@this]|@join"
  update_path         = "/cluster/notifications/endpoints/smtp/ecosolar-mail"
  update_body_patches = [{ path = "name", removed = true }]
  delete_path         = "/cluster/notifications/endpoints/smtp/ecosolar-mail"
  body = {
    name         = "ecosolar-mail"
    server       = "smtp.wildcorp.example"
    port         = 587
    mode         = "starttls"
    username     = "sauvegarde@ecosolar.example"
    from-address = "sauvegarde@ecosolar.example"
    mailto       = ["supervision@wildcorp.example"]
    comment      = local.comment
    disable      = 0
  }
  ephemeral_body  = { password = var.smtp_password }
  output_attrs    = ["name"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "failures" {
  depends_on          = [restful_resource.mail]
  path                = "/cluster/notifications/matchers"
  create_selector     = "{}"
  read_path           = "/cluster/notifications/matchers"
  read_selector       = "data.#(name==\"ecosolar-failures\").[!{\"disable\":0,\"mode\":\"all\"},@this]|@join"
  update_path         = "/cluster/notifications/matchers/ecosolar-failures"
  update_body_patches = [{ path = "name", removed = true }]
  delete_path         = "/cluster/notifications/matchers/ecosolar-failures"
  body = {
    name           = "ecosolar-failures"
    target         = ["ecosolar-mail"]
    match-severity = ["warning,error"]
    mode           = "all"
    comment        = local.comment
    disable        = 0
  }
  output_attrs    = ["name"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "storage" {
  for_each            = local.storages
  path                = "/storage"
  create_selector     = "{}"
  read_path           = "/storage"
  read_selector       = "data.#(storage==\"${each.key}\").[!{\"disable\":0,\"port\":8007},@this]|@join"
  update_path         = "/storage/${each.key}"
  update_body_patches = [for name in ["storage", "type", "server", "datastore"] : { path = name, removed = true }]
  delete_path         = "/storage/${each.key}"
  force_new_attrs     = ["storage", "type", "server", "datastore"]
  body = merge(each.value, {
    storage       = each.key
    type          = "pbs"
    server        = "192.168.100.220"
    port          = 8007
    datastore     = "proxmox-data"
    username      = "pve-backup@pbs!pve-token"
    fingerprint   = var.pbs_fingerprint
    content       = "backup"
    prune-backups = "keep-all=1"
    disable       = 0
  })
  ephemeral_body  = { password = var.storage_secret, encryption-key = var.encryption_key }
  output_attrs    = ["storage"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "job" {
  for_each            = local.jobs
  depends_on          = [restful_resource.storage]
  path                = "/cluster/backup"
  create_selector     = "{}"
  read_path           = "/cluster/backup"
  read_selector       = "data.#(id==\"ecosolar-${each.key}\").[!{\"enabled\":1,\"mode\":\"snapshot\",\"repeat-missed\":0,\"remove\":1,\"notification-mode\":\"auto\"},@this]|@join"
  update_path         = "/cluster/backup/ecosolar-${each.key}"
  update_body_patches = [{ path = "id", removed = true }]
  delete_path         = "/cluster/backup/ecosolar-${each.key}"
  body = {
    id                = "ecosolar-${each.key}"
    storage           = "pbs-backup-${each.key}"
    schedule          = each.value.schedule
    vmid              = each.value.vmid
    mode              = "snapshot"
    enabled           = 1
    remove            = 0
    repeat-missed     = 1
    notes-template    = "{{guestname}}"
    notification-mode = "notification-system"
    comment           = local.comment
  }
  output_attrs    = ["id"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "user" {
  for_each            = local.operators
  path                = "/access/users"
  create_selector     = "{}"
  read_path           = "/access/users"
  read_selector       = "data.#(userid==\"${each.key}\").[!{\"enable\":1,\"expire\":0},@this]|@join"
  update_path         = "/access/users/${each.key}"
  update_body_patches = [{ path = "userid", removed = true }]
  delete_path         = "/access/users/${each.key}"
  body                = { userid = each.key, comment = each.value.comment, enable = 1, expire = 0 }
  output_attrs        = ["userid"]
  precheck_create     = local.mutex
  precheck_update     = local.mutex
  precheck_delete     = local.mutex
}

resource "restful_resource" "token" {
  depends_on      = [restful_resource.user]
  path            = "/access/users/supervision@pve/token/monitoring"
  create_selector = "{}"
  read_path       = "/access/users"
  read_query      = { full = ["1"] }
  read_selector   = "data.#(userid==\"supervision@pve\").tokens.#(tokenid==\"monitoring\").[!{\"privsep\":1,\"expire\":0},@this]|@join"
  body            = { comment = "Supervision WildCorp", privsep = 1, expire = 0 }
  output_attrs    = ["comment"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "access" {
  for_each        = local.rights
  depends_on      = [restful_resource.user, restful_resource.token]
  path            = "/access/acl"
  create_method   = "PUT"
  create_selector = "{}"
  read_path       = "/access/acl"
  read_selector   = "data.#(ugid==\"${each.key}\")#|#(path==\"${each.value.path}\").[!{\"roles\":\"${each.value.role}\",\"${each.value.kind}\":\"${each.key}\"},@this]|@join"
  delete_method   = "PUT"
  delete_body     = { path = each.value.path, roles = each.value.role, (each.value.kind) = each.key, delete = 1 }
  body            = { path = each.value.path, roles = each.value.role, (each.value.kind) = each.key, propagate = 1 }
  output_attrs    = ["path"]
  precheck_create = local.mutex
  precheck_update = local.mutex
  precheck_delete = local.mutex
}
