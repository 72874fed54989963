using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Castalia.Tests.Hub;

/// <summary>A file of a repository, with the hash the hub gives it; in large file storage its contents lie at another origin, to which the hub redirects.</summary>
[SuppressMessage("Security", "CA5350", Justification = "git names its objects by SHA-1.")]
sealed record ServedFile(string Name, byte[] Contents, bool Lfs = false)
{
    public string Hash { get; init; } = Lfs
        ? Convert.ToHexStringLower(SHA256.HashData(Contents))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {Contents.Length}\0"), .. Contents]));
}

/// <summary>What was asked, and where.</summary>
sealed record Asked(bool AtStore, string Method, string Path, string? Authorization, string? Range);

/// <summary>The hub's endpoints on loopback, over real sockets: the API, the files, and a store for large ones at another origin.</summary>
sealed class HubServer : IDisposable
{
    readonly WebApplication _hub, _store;
    readonly ConcurrentDictionary<string, IReadOnlyList<ServedFile>> _commits = new();
    readonly ConcurrentDictionary<(string Repository, string Revision), string> _revisions = new();

    public HubServer()
    {
        _hub = Start(context => Answer(context, atStore: false));
        _store = Start(context => Answer(context, atStore: true));
        (Endpoint, Store) = (AddressOf(_hub), AddressOf(_store));
    }

    /// <summary>For HF_ENDPOINT.</summary>
    public string Endpoint { get; }

    /// <summary>The other origin.</summary>
    public string Store { get; }

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Answers a request in the server's stead if it returns true.</summary>
    public Func<HttpContext, Asked, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Whether the listing tells lengths and hashes.</summary>
    public bool Tells { get; set; } = true;

    /// <summary>Changes a listing before it is sent.</summary>
    public Action<JsonObject> Edit { get; set; } = _ => { };

    /// <summary>Puts files at a revision; returns the commit.</summary>
    public string Serve(string repository, string revision, params ServedFile[] files)
    {
        string commit = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repository + string.Concat(files.Select(f => f.Name + f.Hash)))))[..40];
        _commits[commit] = files;
        _revisions[(repository, revision)] = _revisions[(repository, commit)] = commit;
        return commit;
    }

    /// <summary>Requests for a file's contents.</summary>
    public IEnumerable<Asked> For(string file) => Requests.Where(r => r.Method == "GET" && r.Path.EndsWith($"/{file}", StringComparison.Ordinal));

    /// <summary>An error as the hub explains it.</summary>
    public static Task Refuse(HttpContext context, int status, string? code = null, string? message = null)
    {
        context.Response.StatusCode = status;
        if (code is not null) context.Response.Headers["X-Error-Code"] = code;
        if (message is not null) context.Response.Headers["X-Error-Message"] = message;
        return context.Response.WriteAsync("{}");
    }

    /// <summary>Sends some of the bytes it has announced and breaks the connection.</summary>
    public static async Task Break(HttpContext context, byte[] all, int from, int until)
    {
        context.Response.StatusCode = from > 0 ? 206 : 200;
        if (from > 0) context.Response.Headers.ContentRange = $"bytes {from}-{all.Length - 1}/{all.Length}";
        context.Response.ContentLength = all.Length - from;
        await context.Response.Body.WriteAsync(all.AsMemory(from, until - from));
        await context.Response.Body.FlushAsync();
        await Task.Delay(50); // or the bytes may be dropped with the connection
        context.Abort();
    }

    /// <summary>The first byte a request asks for.</summary>
    public static int From(Asked asked) => asked.Range is { } range ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;

    public void Dispose()
    {
        foreach (var server in new[] { _hub, _store }) server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    static WebApplication Start(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(answer);
        server.Start();
        return server;
    }

    static string AddressOf(WebApplication server) => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    async Task Answer(HttpContext context, bool atStore)
    {
        var request = context.Request;
        var asked = new Asked(
            atStore, request.Method, request.Path.Value!, (string?)request.Headers.Authorization, (string?)request.Headers.Range);
        Requests.Enqueue(asked);
        if (await Instead(context, asked)) return;
        string[] parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (atStore) await Send(context, _commits.Values.SelectMany(files => files).First(file => file.Hash == parts[0]).Contents);
        else if (parts is ["api", "models", ..]) await Listing(context, parts);
        else await File(context, parts);
    }

    Task Listing(HttpContext context, string[] parts)
    {
        int at = Array.IndexOf(parts, "revision");
        string repository = string.Join('/', parts[2..at]), revision = Uri.UnescapeDataString(string.Join('/', parts[(at + 1)..]));
        if (!_revisions.Keys.Any(key => key.Repository == repository)) return Refuse(context, 401, "RepoNotFound", "Invalid username or password.");
        if (!_revisions.TryGetValue((repository, revision), out string? commit)) return Refuse(context, 404, "RevisionNotFound", $"Invalid rev id: {revision}");
        var listing = new JsonObject
        {
            ["id"] = repository,
            ["sha"] = commit,
            ["siblings"] = new JsonArray([.. _commits[commit].Select(file =>
            {
                var sibling = new JsonObject { ["rfilename"] = file.Name };
                if (!Tells || context.Request.Query["blobs"] != "true") return sibling;
                sibling["size"] = file.Contents.Length;
                sibling["blobId"] = file.Lfs ? new string('0', 40) : file.Hash;
                if (file.Lfs) sibling["lfs"] = new JsonObject { ["sha256"] = file.Hash, ["size"] = file.Contents.Length, ["pointerSize"] = 134 };
                return sibling;
            })]),
        };
        Edit(listing);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(listing.ToJsonString());
    }

    Task File(HttpContext context, string[] parts)
    {
        int at = Array.IndexOf(parts, "resolve");
        string repository = string.Join('/', parts[..at]), name = string.Join('/', parts[(at + 2)..]);
        if (!_revisions.TryGetValue((repository, Uri.UnescapeDataString(parts[at + 1])), out string? commit)) return Refuse(context, 404, "RevisionNotFound");
        if (_commits[commit].FirstOrDefault(file => file.Name == name) is not { } served) return Refuse(context, 404, "EntryNotFound", "Entry not found");
        var response = context.Response;
        response.Headers["X-Repo-Commit"] = commit;
        if (!served.Lfs)
        {
            response.Headers.ETag = $"\"{served.Hash}\"";
            return Send(context, served.Contents);
        }
        response.Headers["X-Linked-Etag"] = $"\"{served.Hash}\"";
        response.Headers["X-Linked-Size"] = $"{served.Contents.Length}";
        response.StatusCode = 302;
        response.Headers.Location = $"{Store}/{served.Hash}/{name}?signature=secret";
        return Task.CompletedTask;
    }

    static async Task Send(HttpContext context, byte[] contents)
    {
        var response = context.Response;
        int from = 0;
        if ((string?)context.Request.Headers.Range is { } range)
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            if (from >= contents.Length)
            {
                response.StatusCode = 416;
                response.Headers.ContentRange = $"bytes */{contents.Length}";
                return;
            }
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{contents.Length - 1}/{contents.Length}";
        }
        response.ContentLength = contents.Length - from;
        if (context.Request.Method != "HEAD") await response.Body.WriteAsync(contents.AsMemory(from));
    }
}
