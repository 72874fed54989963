using Castalia.Errors;

namespace Castalia.Cli.Verbs;

/// <summary>The one boundary between exceptions and exit codes: 0 done, 1 failed or interrupted, 2 bad input; anything else is our bug and throws.</summary>
static class Verb
{
    public static int Run(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (InputException e)
        {
            Console.Error.WriteLine($"castalia: {e.Message}");
            return 2;
        }
    }
}
