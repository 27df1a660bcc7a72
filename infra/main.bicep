// What Azure must have for Kollegial: an identity, the Azure Bot, and its Teams channel. The bot
// itself runs where you want it (deploy/). Into a resource group:
//
//   az deployment group create --resource-group GROUP --template-file infra/main.bicep \
//      --parameters publicUrl=https://kollegial.example.org
//
// Without appId a user-assigned managed identity is made: then there is no secret to keep, and the
// bot must run in Azure. With appId, of an app registration, it runs anywhere.

targetScope = 'resourceGroup'

@description('The name of what is made.')
@minLength(2)
@maxLength(40)
param name string = 'kollegial'

@description('The bot\'s public address, https://HOST, as Teams reaches it.')
param publicUrl string

@description('Application (client) id of an app registration of one tenant. Empty: a managed identity is made.')
param appId string = ''

@description('Where the managed identity is kept.')
param location string = resourceGroup().location

@description('F0 is free, and enough: messages in Teams are not counted.')
@allowed(['F0', 'S1'])
param sku string = 'F0'

@description('For workload identity federation: the issuer of the cluster\'s tokens. Empty: none.')
param federationIssuer string = ''

@description('For workload identity federation: the service account.')
param federationSubject string = 'system:serviceaccount:kollegial:kollegial'

var makesIdentity = empty(appId)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (makesIdentity) {
  name: name
  location: location
}

resource federation 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = if (makesIdentity && !empty(federationIssuer)) {
  parent: identity
  name: 'kubernetes'
  properties: {
    issuer: federationIssuer
    subject: federationSubject
    audiences: ['api://AzureADTokenExchange']
  }
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: sku
  }
  properties: {
    displayName: 'Kollegial'
    endpoint: '${publicUrl}/api/messages'
    msaAppId: makesIdentity ? identity!.properties.clientId : appId
    msaAppTenantId: tenant().tenantId
    msaAppType: makesIdentity ? 'UserAssignedMSI' : 'SingleTenant'
    msaAppMSIResourceId: makesIdentity ? identity.id : null
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
      acceptedTerms: true
      enableCalling: false
    }
  }
}

@description('For KOLLEGIAL_APP_ID.')
output appId string = bot.properties.msaAppId

@description('For KOLLEGIAL_TENANT.')
output tenant string = tenant().tenantId

@description('The managed identity, to be given to what the bot runs on; empty where there is none.')
output identityId string = makesIdentity ? identity.id : ''
