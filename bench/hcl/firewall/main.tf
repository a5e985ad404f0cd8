# The firewall of EcoSolar, written by hand: the same objects as Bastide's firewall stack.

terraform {
  required_version = ">= 1.12.0"
  required_providers {
    restful = {
      source  = "registry.terraform.io/magodo/restful"
      version = "0.25.2"
    }
  }
}

variable "pfsense_url" {
  type = string
}

variable "pfsense_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "ca_file" {
  type = string
}

provider "restful" {
  base_url             = var.pfsense_url
  update_method        = "PATCH"
  merge_patch_disabled = true
  security = {
    apikey = [{ in = "header", name = "X-API-Key", value = var.pfsense_key }]
  }
  client = {
    certificates              = []
    root_ca_certificate_files = [var.ca_file]
  }
}

locals {
  mutex = [{ mutex = "firewall" }]
  aliases = {
    ecosolar_pbs_from = { address = ["192.168.100.210", "192.168.100.10"], detail = ["pve1", "admin"] }
    ecosolar_pbs_to   = { address = ["192.168.100.220"], detail = ["pbs"] }
  }
  rule = {
    interface        = ["lan"]
    protocol         = "tcp"
    destination      = "ecosolar_pbs_to"
    destination_port = "8007"
    disabled         = false
    apply            = true
    async            = false
  }
}

resource "restful_operation" "apply" {
  path            = "/firewall/apply"
  method          = "POST"
  body            = { async = false }
  delete_path     = "/firewall/apply"
  delete_method   = "POST"
  delete_body     = { async = false }
  precheck        = local.mutex
  precheck_delete = local.mutex
}

resource "restful_resource" "alias" {
  for_each            = local.aliases
  depends_on          = [restful_operation.apply]
  path                = "/firewall/alias"
  create_selector     = "data"
  read_path           = "/firewall/aliases"
  read_query          = { name = [each.key] }
  read_selector       = "data.#(name==\"${each.key}\")"
  update_path         = "/firewall/alias"
  update_body_patches = [{ path = "id", raw_json = "$(body.id)" }]
  delete_path         = "/firewall/aliases"
  delete_query        = { name = [each.key] }
  body                = merge(each.value, { name = each.key, type = "host", descr = "Bastide - site ecosolar", apply = true, async = false })
  write_only_attrs    = ["apply", "async"]
  output_attrs        = ["id"]
  precheck_create     = local.mutex
  precheck_update     = local.mutex
  precheck_delete     = local.mutex
}

# The order of the rules is what protects: pass first, then block.
resource "restful_resource" "pass" {
  depends_on          = [restful_resource.alias]
  path                = "/firewall/rule"
  create_selector     = "data"
  read_path           = "/firewall/rules"
  read_query          = { descr = ["Autoriser PBS - Port 8007"] }
  read_selector       = "data.#(descr==\"Autoriser PBS - Port 8007\").[@this,{\"placement\":id}]|@join"
  update_path         = "/firewall/rule"
  update_body_patches = [{ path = "id", raw_json = "$(body.id)" }]
  delete_path         = "/firewall/rules"
  delete_query        = { descr = ["Autoriser PBS - Port 8007"] }
  force_new_attrs     = ["placement"]
  body = merge(local.rule, {
    type       = "pass"
    ipprotocol = "inet"
    source     = "ecosolar_pbs_from"
    descr      = "Autoriser PBS - Port 8007"
    log        = false
    placement  = 0
  })
  write_only_attrs = ["apply", "async"]
  output_attrs     = ["id"]
  precheck_create  = local.mutex
  precheck_update  = local.mutex
  precheck_delete  = local.mutex
}

resource "restful_resource" "block" {
  depends_on          = [restful_resource.alias, restful_resource.pass]
  path                = "/firewall/rule"
  create_selector     = "data"
  read_path           = "/firewall/rules"
  read_query          = { descr = ["Bloquer PBS - Port 8007"] }
  read_selector       = "data.#(descr==\"Bloquer PBS - Port 8007\").[@this,{\"placement\":id}]|@join"
  update_path         = "/firewall/rule"
  update_body_patches = [{ path = "id", raw_json = "$(body.id)" }]
  delete_path         = "/firewall/rules"
  delete_query        = { descr = ["Bloquer PBS - Port 8007"] }
  force_new_attrs     = ["placement"]
  body = merge(local.rule, {
    type       = "block"
    ipprotocol = "inet46"
    source     = "any"
    descr      = "Bloquer PBS - Port 8007"
    log        = true
    placement  = 1
  })
  write_only_attrs = ["apply", "async"]
  output_attrs     = ["id"]
  precheck_create  = local.mutex
  precheck_update  = local.mutex
  precheck_delete  = local.mutex
  lifecycle {
    replace_triggered_by = [restful_resource.pass.id]
  }
}
