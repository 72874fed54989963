using System.Net;
using System.Net.Http.Headers;
using Castalia.Errors;
using Castalia.Machine;

namespace Castalia.Hub;

/// <summary>The hub's HTTP endpoints: what a repository holds, and the files themselves.</summary>
/// <remarks>Redirects are followed here and not by the handler: the token goes to the endpoint's own origin and nowhere else.</remarks>
sealed class HubClient : IDisposable
{
    const int MostRedirects = 10;
    const int LongestListing = 1 << 26;

    readonly HubSettings _settings;
    readonly HttpClient _http;
    bool _reached;

    public HubClient(HubSettings settings)
    {
        _settings = settings;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = settings.Patience,
        };
        // Silence is timed by Patience, a long transfer is not.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestListing };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(Software.NameAndVersion.Replace(' ', '/'));
        _http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity"); // lengths and hashes are of the plain bytes
    }

    /// <summary>The commit of a revision and the files it holds.</summary>
    /// <exception cref="InputException">The hub refuses, or answers what it should not.</exception>
    /// <exception cref="PassingFault">Try again.</exception>
    public async Task<HubListing> List(HubAddress address, CancellationToken cancellation)
    {
        string url = $"{Base}/api/models/{address.Repository}/revision/{Uri.EscapeDataString(address.Revision)}?blobs=true";
        using var reply = await Send(HttpMethod.Get, new Uri(url), address, file: null, from: 0, cancellation);
        return HubListing.Read(await Timed(token => reply.Response.Content.ReadAsByteArrayAsync(token), url, cancellation), url);
    }

    /// <summary>A file's length and hash, for a hub whose listing does not give them.</summary>
    /// <exception cref="InputException">The hub refuses, or does not tell.</exception>
    /// <exception cref="PassingFault">Try again.</exception>
    public async Task<HubFile> Describe(HubAddress address, string commit, string name, CancellationToken cancellation)
    {
        using var reply = await Send(HttpMethod.Head, FileUrl(address, commit, name), address, name, from: 0, cancellation);
        return BlobHash.TryParse(reply.Tag, out var hash) && reply.Bytes is { } bytes
            ? new(name, bytes, hash)
            : throw HubErrors.NoHash(address, name, FileUrl(address, commit, name));
    }

    /// <summary>A file's contents from a byte on: 206 with those, 200 with all of them, or 416 where there are none from there.</summary>
    /// <exception cref="InputException">The hub refuses.</exception>
    /// <exception cref="PassingFault">Try again.</exception>
    public Task<HubReply> Open(HubAddress address, string commit, string name, long from, CancellationToken cancellation) =>
        Send(HttpMethod.Get, FileUrl(address, commit, name), address, name, from, cancellation);

    /// <summary>Awaits what a server sends for as long as settings have patience.</summary>
    /// <exception cref="PassingFault">It is silent, or the connection broke.</exception>
    public async Task<T> Timed<T>(Func<CancellationToken, Task<T>> receive, string url, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_settings.Patience);
        try
        {
            return await receive(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var silent = HubErrors.Silent(url, _settings.Patience);
            throw _reached ? new PassingFault(silent) : silent;
        }
        catch (HttpRequestException e) when (!_reached || e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            // Never yet a word from there: rather a wrong address than a passing fault.
            throw HubErrors.Unreachable(url, Innermost(e));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PassingFault(HubErrors.Broken(url, Innermost(e)));
        }
    }

    string Base => _settings.Endpoint.AbsoluteUri.TrimEnd('/');

    Uri FileUrl(HubAddress address, string commit, string name) =>
        new($"{Base}/{address.Repository}/resolve/{commit}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>One request with its redirects.</summary>
    async Task<HubReply> Send(HttpMethod method, Uri url, HubAddress address, string? file, long from, CancellationToken cancellation)
    {
        bool atHome = true;
        string? linkedTag = null;
        long? linkedBytes = null;
        for (int redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, url);
            if (atHome && _settings.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
            string place = HubAnswers.Place(url);
            var response = await Timed(token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), place, cancellation);
            _reached = true;
            linkedTag ??= HubAnswers.Header(response, "X-Linked-Etag");
            linkedBytes ??= HubAnswers.Length(response, "X-Linked-Size");
            if (HubAnswers.IsWanted(response.StatusCode))
            {
                // A foreign store's own ETag may look like a hash and be another one.
                string? tag = linkedTag ?? (atHome ? HubAnswers.Header(response, "ETag") : null);
                return new(response, place, tag, linkedBytes ?? response.Content.Headers.ContentLength);
            }
            using (response)
            {
                if (!HubAnswers.IsRedirect(response.StatusCode)) throw HubAnswers.Refusal(response, place, address, file, atHome, _settings);
                // Of a file that lies elsewhere, the redirect has told everything.
                if (method == HttpMethod.Head && linkedTag is not null && linkedBytes is not null) return new(response, place, linkedTag, linkedBytes);
                if (redirects == MostRedirects) throw HubErrors.TooManyRedirects(place, MostRedirects);
                var next = HubAnswers.Target(response, url, place);
                atHome = atHome && SameOrigin(next, _settings.Endpoint);
                url = next;
            }
        }
    }

    static bool SameOrigin(Uri a, Uri b) => Uri.Compare(a, b, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back at the end of the redirects; whoever has it disposes of it.</summary>
/// <param name="Response">The answer, its headers read.</param>
/// <param name="Place">Its address without the query, for messages.</param>
/// <param name="Tag">The ETag of the contents by the hub's own word; null where it gave none.</param>
/// <param name="Bytes">Their length; null where nobody said.</param>
sealed record HubReply(HttpResponseMessage Response, string Place, string? Tag, long? Bytes) : IDisposable
{
    public void Dispose() => Response.Dispose();
}
