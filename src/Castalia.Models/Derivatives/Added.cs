using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>What becomes of a sublayer's tangents before they are added to the stream: through its norm, and times the residual scale.</summary>
static unsafe class Added
{
    /// <summary>In place.</summary>
    /// <param name="crew">Threads.</param>
    /// <param name="norm">Norm of the output; null for none.</param>
    /// <param name="scale">Factor on what is added.</param>
    /// <param name="d">Tangents of the output.</param>
    public static void Run(Crew crew, NormSlope? norm, double scale, WideRows d)
    {
        if (norm is null && scale == 1) return;
        crew.Run(d.Panels, (panel, _) =>
        {
            double* x = d.Panel(panel);
            norm?.Apply(x, x);
            if (scale == 1) return;
            for (int i = 0; i < d.Width * WideMatMul.Lanes; i++) x[i] *= scale;
        });
    }
}
